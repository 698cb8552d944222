using System.Threading.Channels;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>Wakes one waiter; what comes while it is busy wakes it once more, however often it came.</summary>
internal sealed class MapSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _channel.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken ct) => await _channel.Reader.ReadAsync(ct);
}
