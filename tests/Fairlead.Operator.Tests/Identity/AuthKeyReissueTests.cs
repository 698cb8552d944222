using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Identity;
using Fairlead.Tailscale;
using Fairlead.Testing;

namespace Fairlead.Operator.Tests.Identity;

/// <summary>Which auth key a replica has in its configuration, and when it gets another.</summary>
public sealed class AuthKeyReissueTests
{
    private const string Parent = "parent-uid";

    private static readonly ReplicaKey Registered = new() { Store = new ObjectKey("tailscale", "eg-0-config"), IsStored = true, DeviceId = "n0CNTRL" };

    private readonly ManualTime _time = new();
    private readonly AuthKeyReissues _reissues;

    public AuthKeyReissueTests() => _reissues = new AuthKeyReissues(_time);

    [Fact]
    public void A_replica_without_configuration_gets_a_key_keeps_it_until_it_is_registered_and_loses_it_then()
    {
        Assert.Equal(AuthKeyUse.Issue, Decide(Registered with { IsStored = false, DeviceId = null }).Use);
        Assert.Equal(AuthKeyUse.Keep, Decide(Registered with { Key = Key("a"), DeviceId = null }).Use);
        Assert.Equal(AuthKeyUse.Omit, Decide(Registered with { Key = Key("a") }).Use);
    }

    [Fact]
    public void A_replica_that_asks_without_a_key_gets_one_for_its_request_and_its_old_device_goes_first()
    {
        var asked = Registered with { Request = new ReissueRequest(null) };

        Assert.Equal(new AuthKeyDecision(AuthKeyUse.Issue) { StaleDevice = "n0CNTRL" }, Decide(asked));
        Assert.Equal(AuthKeyUse.Keep, Decide(asked with { Key = Key("a") }).Use);
        Assert.Equal(AuthKeyUse.Keep, Decide(asked with { Key = Key("a"), Request = new ReissueRequest(Key("a")) }).Use);
        Assert.Equal(AuthKeyUse.Omit, Decide(Registered with { Key = Key("a"), DeviceId = "n1CNTRL" }).Use);
    }

    [Fact]
    public void A_key_that_could_not_be_stored_is_asked_for_again_without_counting_again()
    {
        var asked = Registered with { Key = Key("a"), Request = new ReissueRequest(Key("a")) };

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(AuthKeyUse.Issue, Decide(asked).Use));
        Assert.Equal(AuthKeyUse.Keep, Decide(asked with { Key = Key("b") }).Use);
    }

    [Fact]
    public void A_replica_that_has_not_taken_up_the_key_that_is_there_gets_no_other() =>
        Assert.Equal(AuthKeyUse.Keep, Decide(Registered with { Key = Key("new"), Request = new ReissueRequest(Key("old")) }).Use);

    [Fact]
    public void A_replica_that_finds_its_new_key_broken_too_gets_another_after_a_while_even_if_nobody_saw_it_withdraw()
    {
        Decide(Registered with { Request = new ReissueRequest(null) });
        var again = Registered with { Key = Key("a"), Request = new ReissueRequest(Key("a")) };

        Assert.Equal(AuthKeyUse.Keep, Decide(again).Use);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(AuthKeyUse.Issue, Decide(again).Use);
    }

    [Fact]
    public void The_replicas_of_a_parent_get_one_key_each_at_once_and_then_one_every_half_minute()
    {
        Assert.Equal(AuthKeyUse.Issue, AskAnew(0).Use);
        Assert.Equal(AuthKeyUse.Issue, AskAnew(1).Use);
        var third = AskAnew(0);
        Assert.Equal((AuthKeyUse.Keep, TimeSpan.FromSeconds(30)), (third.Use, third.WaitsFor));

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(10, AskAnew(0).WaitsFor!.Value.TotalSeconds, 0.001);
        _time.Advance(TimeSpan.FromSeconds(10.1));
        Assert.Equal(AuthKeyUse.Issue, AskAnew(0).Use);
        Assert.NotNull(AskAnew(1).WaitsFor);
    }

    [Fact]
    public void Parents_do_not_share_their_allowance_and_one_that_is_gone_is_forgotten()
    {
        var asked = Registered with { Request = new ReissueRequest(null) };

        Assert.Equal(AuthKeyUse.Issue, _reissues.Decide("one", 1, asked).Use);
        Assert.Equal(AuthKeyUse.Issue, _reissues.Decide("two", 1, asked).Use);
        _reissues.Forget("one");
        Assert.Equal(AuthKeyUse.Issue, _reissues.Decide("one", 1, asked with { Key = Key("a"), Request = new ReissueRequest(Key("a")) }).Use);
    }

    private static SecretText Key(string text) => new($"tskey-auth-{text}");

    private AuthKeyDecision Decide(ReplicaKey replica) => _reissues.Decide(Parent, 2, replica);

    /// <summary>Withdraws an earlier request and asks for another key.</summary>
    private AuthKeyDecision AskAnew(int ordinal)
    {
        var replica = Registered with { Store = new ObjectKey("tailscale", $"eg-{ordinal}-config"), Key = Key("a") };
        Decide(replica);
        return Decide(replica with { Request = new ReissueRequest(Key("a")) });
    }
}
