using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Devices;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>A tailnet of its own for each test.</summary>
public abstract class CoordinationTest : IAsyncLifetime
{
    private readonly List<TestMachine> _machines = [];

    protected EmbeddedTailnet Tailnet { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected virtual EmbeddedTailnetOptions Options => new() { Coordination = new CoordinationOptions { DeltaWindow = TimeSpan.Zero } };

    public async ValueTask InitializeAsync() => Tailnet = await EmbeddedTailnet.StartAsync(Options, Stop);

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines) await machine.DisposeAsync();
        await Tailnet.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal TestMachine NewMachine(byte? seed = null)
    {
        var machine = new TestMachine(Tailnet, seed);
        _machines.Add(machine);
        return machine;
    }

    internal TailnetDevice Device(string hostname) => Tailnet.Devices.Snapshot().Single(device => device.Hostname == hostname);
}
