using System.Net;
using System.Net.Http.Headers;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Registration;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class RegistrationTests : ManualTimeTest
{
    private static readonly DateTimeOffset LoggedOut = DateTimeOffset.FromUnixTimeSeconds(123);

    [Fact]
    public async Task A_key_gives_its_tags_and_a_tagged_node_is_its_own_user()
    {
        var machine = NewMachine();

        var answer = await machine.RegisterAsync(Tailnet.Keys.Create(["tag:k8s"]).Secret);

        Assert.True(answer.MachineAuthorized);
        Assert.Equal("web.embedded.ts.net", answer.Login!.LoginName);
        var device = Device("web");
        Assert.Equal(["tag:k8s"], device.Tags);
        Assert.Null(device.KeyExpiry);
        var first = await (await machine.StreamAsync()).NextAsync();
        Assert.Equal(answer.User!.ID, first!.Node!.User);
        Assert.Equal("web.embedded.ts.net", first.UserProfiles!.Single(profile => profile.ID == first.Node.User).LoginName);
    }

    [Fact]
    public async Task A_key_without_tags_gives_the_device_to_its_user_for_a_time()
    {
        await NewMachine().RegisterAsync(Tailnet.Keys.Create([], user: "ann@example.com").Secret);

        Assert.Equal("ann@example.com", Device("web").User);
        Assert.Equal(Time.GetUtcNow().AddDays(180), Device("web").KeyExpiry);
    }

    [Theory]
    [InlineData("tskey-auth-none", "does not exist")]
    [InlineData("used", "used up")]
    [InlineData("expired", "expired")]
    public async Task A_key_that_is_no_good_is_refused_with_a_text(string which, string reason)
    {
        var key = Tailnet.Keys.Create(["tag:k8s"]).Secret;
        if (which == "used") await NewMachine().RegisterAsync(key);
        if (which == "expired") Time.Advance(TimeSpan.FromDays(91));

        var answer = await NewMachine().RegisterAsync(which.StartsWith("tskey", StringComparison.Ordinal) ? which : key);

        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        Assert.False(answer.MachineAuthorized);
    }

    [Fact]
    public async Task A_reusable_key_lets_many_join_and_registering_again_uses_no_key()
    {
        var reusable = Tailnet.Keys.Create(["tag:k8s"], reusable: true);
        await NewMachine().RegisterAsync(reusable.Secret);
        await NewMachine().RegisterAsync(reusable.Secret);
        var single = Tailnet.Keys.Create(["tag:k8s"]);
        var machine = NewMachine();
        await machine.RegisterAsync(single.Secret);

        var again = await machine.RegisterAsync(single.Secret);

        Assert.Equal("", again.Error);
        Assert.Equal(2, Tailnet.Keys.Find(reusable.Id)!.UsedBy.Count);
        Assert.Equal(3, Tailnet.Devices.Snapshot().Count);
    }

    [Theory]
    [InlineData("tag:k8s", "")]
    [InlineData("tag:k8s-operator", "not permitted")]
    [InlineData("tag:unknown", "not permitted")]
    public async Task Tags_that_are_asked_for_must_be_owned_by_those_of_the_key(string tag, string error)
    {
        var machine = NewMachine();
        machine.Hostinfo = machine.Hostinfo with { RequestTags = [tag] };

        var answer = await machine.RegisterAsync(Tailnet.Keys.Create(["tag:k8s"]).Secret);

        Assert.Contains(error, answer.Error, StringComparison.Ordinal);
        Assert.Equal(error.Length > 0, answer.Error.Length > 0);
        Assert.Equal(error.Length == 0 ? 1 : 0, Tailnet.Devices.Snapshot().Count);
    }

    [Fact]
    public async Task A_person_lets_a_node_in_and_becomes_its_owner()
    {
        var machine = NewMachine();
        var first = await machine.RegisterAsync();
        Assert.StartsWith(Tailnet.BaseAddress + "a/", first.AuthURL, StringComparison.Ordinal);
        var waiting = machine.RegisterAsync(vary: request => request with { Followup = first.AuthURL });

        (await Tailnet.Coordination.Logins.NextAsync(Stop)).Approve("ann@example.com");

        Assert.Equal("ann@example.com", (await waiting).Login!.LoginName);
        Assert.Equal("ann@example.com", Device("web").User);
        Assert.Empty(Tailnet.Coordination.Logins.Pending);
    }

    [Fact]
    public async Task The_page_behind_the_URL_lets_the_node_in()
    {
        var machine = NewMachine();
        machine.Hostinfo = machine.Hostinfo with { Hostname = "<b>web</b>" };
        var url = (await machine.RegisterAsync()).AuthURL;
        using var http = new HttpClient();

        var page = await http.GetStringAsync(url, Stop);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["user"] = "bob@example.com" });
        using var approved = await http.PostAsync(url, form, Stop);
        var answer = await machine.RegisterAsync(vary: request => request with { Followup = url });

        Assert.Contains("&lt;b&gt;web", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, approved.StatusCode);
        Assert.Equal("bob@example.com", answer.Login!.LoginName);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(url + "x", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_node_that_is_kept_out_is_told_why()
    {
        var machine = NewMachine();
        var url = (await machine.RegisterAsync()).AuthURL;

        Tailnet.Coordination.Logins.Pending.Single().Refuse("not today");
        var answer = await machine.RegisterAsync(vary: request => request with { Followup = url });

        Assert.Equal("not today", answer.Error);
        Assert.Empty(Tailnet.Devices.Snapshot());
    }

    [Fact]
    public async Task Another_machine_cannot_wait_at_a_foreign_login()
    {
        var url = (await NewMachine().RegisterAsync()).AuthURL;
        Tailnet.Coordination.Logins.Pending.Single().Approve();

        var answer = await NewMachine().RegisterAsync(vary: request => request with { Followup = url });

        Assert.NotEqual("", answer.AuthURL);
        Assert.NotEqual(url, answer.AuthURL);
        Assert.Empty(Tailnet.Devices.Snapshot());
    }

    [Fact]
    public async Task A_good_node_key_vouches_for_its_successor()
    {
        var machine = await NewMachine().JoinAsync("web");
        var (id, old) = (Device("web").NodeId, machine.NodeKey.PublicKey);
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        await stream.NextAsync();
        machine.NewNodeKey();

        var answer = await machine.RegisterAsync(vary: request => request with { OldNodeKey = old });

        Assert.True(answer.MachineAuthorized);
        Assert.Equal(id, Device("web").NodeId);
        Assert.Equal(machine.NodeKey.PublicKey, Assert.Single((await stream.NextAsync())!.PeersChangedPatch!).Key);
        Assert.Equal(HttpStatusCode.OK, await machine.UpdateAsync());
    }

    [Fact]
    public async Task An_expired_node_key_is_told_and_a_new_one_with_a_new_login_is_the_same_device()
    {
        var machine = await NewMachine().JoinAsync("web");
        var device = Device("web");
        var stream = await machine.StreamAsync();
        Assert.False((await stream.NextAsync())!.Node!.Expired);

        Tailnet.Devices.Expire(device.NodeId);
        var self = (await stream.NextAsync())!.Node;
        var again = await machine.RegisterAsync();
        var old = machine.NodeKey.PublicKey;
        machine.NewNodeKey();
        var unproven = await machine.RegisterAsync(vary: request => request with { OldNodeKey = old });
        var proven = await machine.RegisterAsync(Tailnet.Keys.Create([]).Secret, request => request with { OldNodeKey = old });

        Assert.True(self!.Expired);
        Assert.Equal(Time.GetUtcNow(), self.KeyExpiry);
        Assert.True(again.NodeKeyExpired);
        Assert.NotEqual("", unproven.AuthURL);
        Assert.True(proven.MachineAuthorized);
        Assert.Equal(device.Addresses, Device("web").Addresses);
        Assert.Equal(device.NodeId, Device("web").NodeId);
    }

    [Fact]
    public async Task A_key_expires_by_itself_when_its_time_comes_and_peers_lose_the_node()
    {
        await NewMachine().JoinAsync("web");
        var stream = await (await NewMachine().JoinAsync("viewer", "tag:k8s")).StreamAsync();
        var peer = Assert.Single((await stream.NextAsync())!.Peers!);
        var expiry = Device("web").KeyExpiry;
        Assert.Equal(expiry, peer.KeyExpiry);

        // The way there is long: signs of life are due on it.
        Tailnet.Devices.Update(Device("web").NodeId, device => device with { KeyExpiry = Time.GetUtcNow().AddSeconds(10) });
        Time.Advance(TimeSpan.FromSeconds(12));

        Assert.Equal([peer.ID], (await stream.UntilAsync(message => message.PeersRemoved is not null)).PeersRemoved);
    }

    [Fact]
    public async Task Logging_out_ends_the_key_and_removes_an_ephemeral_node()
    {
        var lasting = await NewMachine().JoinAsync("lasting");
        var passing = NewMachine();
        passing.Hostinfo = passing.Hostinfo with { Hostname = "passing" };
        await passing.RegisterAsync(Tailnet.Keys.Create([], ephemeral: true).Secret);

        foreach (var machine in new[] { lasting, passing })
        {
            await machine.RegisterAsync(vary: request => request with { Expiry = LoggedOut });
        }

        Assert.True(Device("lasting").IsExpiredAt(Time.GetUtcNow()));
        Assert.Single(Tailnet.Devices.Snapshot());
        Assert.True((await lasting.RegisterAsync()).NodeKeyExpired);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task An_ephemeral_node_is_removed_a_while_after_it_left(bool byKey, bool byRequest)
    {
        var machine = NewMachine();
        await machine.RegisterAsync(Tailnet.Keys.Create([], ephemeral: byKey).Secret, request => request with { Ephemeral = byRequest });
        var stream = await machine.StreamAsync();
        await stream.NextAsync();
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(Tailnet.Devices.Snapshot());

        await stream.DisposeAsync();
        await UntilAsync("the server sees the stream's end", () => Tailnet.Coordination.ConnectedNodes == 0);
        Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(Tailnet.Devices.Snapshot());
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Empty(Tailnet.Devices.Snapshot());
    }

    [Fact]
    public async Task A_registration_can_be_put_off_or_refused_by_a_fault()
    {
        Tailnet.Faults.Add(Fault.Answering("POST", "^/machine/register$", 429) with { RetryAfter = "7" });
        Tailnet.Faults.Add(Fault.RefusingRegistration("no more devices"));
        var machine = NewMachine();
        var body = ControlJson.Serialize(new RegisterRequest { NodeKey = machine.NodeKey.PublicKey, Hostinfo = machine.Hostinfo });

        using var late = await machine.SendAsync(TestMachine.Post("/machine/register", body));
        var refused = await machine.RegisterAsync(Tailnet.Keys.Create([]).Secret);

        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.Equal(new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)), late.Headers.RetryAfter);
        Assert.Equal("no more devices", refused.Error);
        Assert.Empty(Tailnet.Devices.Snapshot());
    }

    [Fact]
    public async Task A_registration_without_what_it_needs_is_a_bad_request()
    {
        var machine = NewMachine();

        using var nothing = await machine.SendAsync(TestMachine.Post("/machine/register", "{}"u8.ToArray()));
        using var garbage = await machine.SendAsync(TestMachine.Post("/machine/register", "{\"Hostinfo\": 1}"u8.ToArray()));

        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        Assert.Equal("Hostinfo is required", await nothing.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.BadRequest, garbage.StatusCode);
    }
}
