namespace Fairlead.Operator.Tests.Faults;

/// <summary>Something a user does with a Service.</summary>
/// <param name="Before">What was done, and has settled, before; null: nothing.</param>
/// <param name="ActAsync">What the user does now. Completes when the user is done, which may take the operator's help.</param>
/// <param name="IsSettled">Whether a state, as <see cref="ProxyState.Of"/> tells it, is the one this must lead to.</param>
/// <param name="LeastWrites">Writes the operator cannot do without; fewer would mean that the kills missed it.</param>
internal sealed record ServiceScenario(
    string Name, ServiceScenario? Before, Func<OperatorWorld, string, Task> ActAsync, Func<string, bool> IsSettled, int LeastWrites)
{
    public static readonly ServiceScenario Expose = At("expose", null, static (world, name) => world.Services.CreateExposed(name), IsUp, 5);

    public static readonly ServiceScenario LoadBalancer = At(
        "load balancer",
        null,
        static (world, name) => world.Services.CreateLoadBalancer(name),
        static state => IsUp(state) && state.Contains("\"hostname\"", StringComparison.Ordinal),
        5);

    public static readonly ServiceScenario Egress = At(
        "egress",
        null,
        static (world, name) => world.Services.CreateEgress(name),
        static state => IsUp(state) && state.Contains("type ExternalName", StringComparison.Ordinal),
        6);

    public static readonly ServiceScenario Unexpose = At(
        "un-expose",
        Expose,
        static (world, name) => world.Services.Annotate(name, "tailscale.com/expose", null),
        static state => state.StartsWith("Service, finalizers -", StringComparison.Ordinal) && state.Split('\n').Length == 2,
        5);

    public static readonly ServiceScenario Delete = At(
        "delete", LoadBalancer, static (world, name) => world.Services.Delete(name), static state => state.Length == 0, 4);

    public static readonly ServiceScenario Rename = At(
        "change the hostname",
        Expose,
        static (world, name) => world.Services.Annotate(name, "tailscale.com/hostname", $"{name}-renamed"),
        static state => IsUp(state) && state.Split("\"Hostname\":\"$NAME-renamed\"").Length == 3,
        1);

    public static readonly ServiceScenario Recreate = new(
        "delete and create again",
        Expose,
        static async (world, name) =>
        {
            world.Services.Delete(name);
            await world.UntilAsync("the old Service is gone", () => world.Services.Get(name) is null);
            world.Services.CreateExposed(name);
        },
        IsUp,
        9);

    public static readonly ServiceScenario ReplaceByForce = At(
        "take the finalizer off and create again",
        Expose,
        static (world, name) =>
        {
            world.Services.Delete(name);
            world.Services.Change(name, service => service["metadata"]!.AsObject().Remove("finalizers"));
            world.Services.CreateExposed(name);
        },
        IsUp,
        8);

    public static readonly ServiceScenario HandOver = At(
        "hand over to a ProxyGroup",
        LoadBalancer,
        static (world, name) => world.Services.ServeByGroup(name, "edge"),
        static state => state.StartsWith("Service, finalizers -", StringComparison.Ordinal)
            && !state.Contains("\"hostname\"", StringComparison.Ordinal)
            && !state.Contains("TailscaleProxy", StringComparison.Ordinal)
            && state.Split('\n').Length == 3,
        5);

    public static readonly IReadOnlyList<ServiceScenario> All =
        [Expose, LoadBalancer, Egress, Unexpose, Delete, Rename, Recreate, ReplaceByForce, HandOver];

    public static TheoryData<string> Names => [.. All.Select(scenario => scenario.Name)];

    public override string ToString() => Name;

    /// <summary>Whether the proxy is on the tailnet, and the key it came with is gone from its configuration.</summary>
    public static bool IsUp(string state) =>
        state.Contains("TailscaleProxyRunning: True", StringComparison.Ordinal)
        && state.Contains("TailscaleProxyReady: True", StringComparison.Ordinal)
        && !state.Contains("$KEY", StringComparison.Ordinal);

    private static ServiceScenario At(
        string name, ServiceScenario? before, Action<OperatorWorld, string> act, Func<string, bool> isSettled, int leastWrites) =>
        new(
            name,
            before,
            (world, service) =>
            {
                act(world, service);
                return Task.CompletedTask;
            },
            isSettled,
            leastWrites);
}
