using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>
/// Lets the first datagrams pass, since a lost handshake is only repeated after five seconds; then loses 5 % of the datagrams that come in, doubles 2 %, and lets 5 % wait until the next has
/// passed. Seeded.
/// </summary>
internal sealed class RoughPath(IDatagramReceiver next, int seed) : IDatagramReceiver
{
    private const int Smooth = 10;

    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private (byte[] Datagram, PathAddress From)? _held;
    private int _count;

    public void Receive(Span<byte> datagram, in PathAddress from)
    {
        (byte[] Datagram, PathAddress From)? late = null;
        int fate;
        lock (_lock)
        {
            fate = ++_count <= Smooth ? Smooth : _random.Next(100);
            if (fate < 5)
            {
                return;
            }

            if (fate < 10 && _held is null)
            {
                _held = (datagram.ToArray(), from);
                return;
            }

            (late, _held) = (_held, null);
        }

        if (fate is 98 or 99)
        {
            next.Receive(datagram.ToArray(), from);
        }

        next.Receive(datagram, from);
        if (late is { } held)
        {
            next.Receive(held.Datagram, held.From);
        }
    }

    public void EndOfBatch() => next.EndOfBatch();
}
