namespace Fairlead.Operator.Tests.Faults;

public sealed class KilledBeforeNextWriteTests() : KillTests(KillMoment.BeforeNextWrite)
{
    [Theory]
    [MemberData(nameof(ServiceScenario.Names), MemberType = typeof(ServiceScenario))]
    public Task A_new_operator_completes_what_a_killed_one_began_between_any_two_writes(string scenario) =>
        EveryKillLeadsToTheSameStateAsync(scenario, static s => s.LeastWrites + 1);
}
