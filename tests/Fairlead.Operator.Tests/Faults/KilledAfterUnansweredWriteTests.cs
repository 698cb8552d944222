namespace Fairlead.Operator.Tests.Faults;

public sealed class KilledAfterUnansweredWriteTests() : KillTests(KillMoment.AfterUnansweredWrite)
{
    [Theory]
    [MemberData(nameof(ServiceScenario.Names), MemberType = typeof(ServiceScenario))]
    public Task A_new_operator_completes_what_a_killed_one_began_whichever_write_was_its_last(string scenario) =>
        EveryKillLeadsToTheSameStateAsync(scenario, static s => s.LeastWrites);
}
