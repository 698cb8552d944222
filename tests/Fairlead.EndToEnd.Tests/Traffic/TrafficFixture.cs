using Fairlead.DevEnvironments;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>An environment with an operator in this process, for all tests that break nothing of either.</summary>
public sealed class TrafficFixture : IAsyncLifetime
{
    private DevOperator _operator = null!;

    public TrafficEnvironment Environment { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Environment = await TrafficEnvironment.StartAsync();
        _operator = Environment.Parts.StartOperator();
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await Environment.DisposeAsync();
    }
}
