namespace Fairlead.Operator.Tests.Faults;

public sealed class KilledAfterUnansweredCallTests() : KillTests(KillMoment.AfterUnansweredCall)
{
    /// <summary>At least the call itself; whether a token is fetched before depends on what the operator did earlier.</summary>
    private const int LeastCalls = 1;

    public static TheoryData<string> ScenariosWithCalls =>
        [.. ServiceScenario.All.Where(scenario => scenario != ServiceScenario.Rename).Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(ScenariosWithCalls))]
    public Task A_new_operator_completes_what_a_killed_one_asked_of_the_tailnet(string scenario) =>
        EveryKillLeadsToTheSameStateAsync(scenario, static _ => LeastCalls);
}
