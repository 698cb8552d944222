namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Traffic does not need the operator.</summary>
public sealed class OperatorLossTests
{
    [Fact]
    public async Task Traffic_flows_while_the_operator_is_killed_and_started_again()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        using var process = new OperatorProcess(environment);
        await using var app = environment.StartApp("web");
        await environment.CreateServiceAsync("web", app, ("tailscale.com/expose", "true"));
        await using var program = process.Start();
        var before = await environment.RunningAsync("web", "default-web");
        await using var transfer = await environment.TransferAsync("default-web");
        await transfer.GoesOnAsync();

        program.KillAlone();
        await program.EndAsync();
        await transfer.GoesOnAsync();
        Assert.StartsWith("web ", await TrafficEnvironment.AskAsync(environment.Laptop, "default-web"), StringComparison.Ordinal);

        // What users do meanwhile waits for the next operator, which finds everything else as it should be.
        var pod = (string)environment.ProxyPod("web")["metadata"]!["uid"]!;
        await environment.CreateServiceAsync("late", app, ("tailscale.com/expose", "true"));
        await using var next = process.Start();
        await environment.RunningAsync("late", "default-late");
        Assert.StartsWith("web ", await TrafficEnvironment.AskAsync(environment.Laptop, "default-late"), StringComparison.Ordinal);
        await transfer.GoesOnAsync();
        var after = await TrafficEnvironment.PeerAsync(environment.Laptop, "default-web");
        Assert.Equal((before.StableId, before.PublicKey), (after.StableId, after.PublicKey));
        Assert.Equal(pod, (string)environment.ProxyPod("web")["metadata"]!["uid"]!);
        Assert.Equal(3, environment.Parts.Tailnet.Devices.Snapshot().Count);
    }
}
