using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack;

/// <summary>What the layers of one stack share.</summary>
internal sealed class StackServices : IDisposable
{
    public StackServices(IPacketLink link, IPacketReceiver stack, NetworkStackOptions options)
    {
        Options = options;
        Clock = new StackClock(options.TimeProvider);
        Random = new StackRandom(options.Random);
        Work = new WorkQueue(options.Scheduler);
        Addresses = new LocalAddresses();
        Ip = new IpOutput(link, new LoopbackQueue(Addresses, stack, Work), Random);
        Timers = new TimerQueue(Clock, Ip.Flush);
        Paths = new PathMtuCache(Clock);
    }

    public NetworkStackOptions Options { get; }

    public StackClock Clock { get; }

    public StackRandom Random { get; }

    public WorkQueue Work { get; }

    public LocalAddresses Addresses { get; }

    public IpOutput Ip { get; }

    public TimerQueue Timers { get; }

    public PathMtuCache Paths { get; }

    public void Dispose() => Timers.Dispose();
}
