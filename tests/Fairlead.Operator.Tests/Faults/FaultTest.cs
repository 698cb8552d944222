namespace Fairlead.Operator.Tests.Faults;

/// <summary>A world of its own for each test.</summary>
public abstract class FaultTest : IAsyncLifetime
{
    internal OperatorWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await OperatorWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
