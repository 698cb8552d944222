namespace Fairlead.Operator.Tests.Faults;

/// <summary>Kills the operator at every moment of one kind, and has the next one bring about what an undisturbed one does.</summary>
public abstract class KillTests(KillMoment moment) : IAsyncLifetime
{
    private readonly Dictionary<ServiceScenario, string> _settled = [];
    private OperatorWorld _world = null!;
    private RunningOperator _operator = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await OperatorWorld.StartAsync();
        _operator = _world.StartOperator();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task EveryKillLeadsToTheSameStateAsync(string name, Func<ServiceScenario, int> leastKills)
    {
        var scenario = ServiceScenario.All.Single(candidate => candidate.Name == name);
        await _world.RemoveAsync(await SettleAsync(scenario));
        var kills = 0;
        for (var n = moment == KillMoment.BeforeNextWrite ? 0 : 1; await KillAndRecoverAsync(scenario, n); n++)
        {
            kills++;
        }

        Assert.InRange(kills, leastKills(scenario), 40);
        Assert.Empty(_world.Proxies.Refused);
        Assert.Empty(_world.Tailnet.Devices.Snapshot());
    }

    /// <summary>Has a Service come undisturbed to where the scenario leads.</summary>
    private async Task<string> SettleAsync(ServiceScenario scenario)
    {
        var name = scenario.Before is { } before ? await SettleAsync(before) : _world.NewName();
        await scenario.ActAsync(_world, name);
        var state = "";
        await _world.UntilAsync($"undisturbed: {scenario}", () => IsSettled(scenario, state = _world.State.Of(name)), () => state);
        _settled[scenario] = state;
        return name;
    }

    private bool IsSettled(ServiceScenario scenario, string state) =>
        _settled.TryGetValue(scenario, out var known) ? state == known : scenario.IsSettled(state);

    /// <returns>Whether the operator lived long enough to be killed.</returns>
    private async Task<bool> KillAndRecoverAsync(ServiceScenario scenario, int n)
    {
        var name = scenario.Before is { } before ? await SettleAsync(before) : _world.NewName();
        var unused = UnusedKeys();
        var kill = new PlannedKill(_world, moment, n);
        var acting = scenario.ActAsync(_world, name);
        var what = $"{scenario}, {moment} {n}";
        await _world.UntilAsync(
            $"{what}: kill or end", () => kill.HasStruck() || (acting.IsCompleted && _world.State.Of(name) == _settled[scenario]), () => _world.State.Of(name));
        await _operator.KillAsync();

        // Asked only now: the effect of a write may show before the kill that it calls for.
        var struck = kill.HasStruck();
        kill.Lift();

        _operator = _world.StartOperator();
        await acting;
        await _world.UntilStateAsync($"{what}: the next operator recovers", name, _settled[scenario]);

        // A key whose answer got lost, or which died with the operator's memory, is lost; it is for single use and expires.
        Assert.InRange(UnusedKeys() - unused, 0, 1);
        await _world.RemoveAsync(name);
        return struck;
    }

    private int UnusedKeys() => _world.Tailnet.Keys.Snapshot().Count(key => key.UsedBy.Count == 0);
}
