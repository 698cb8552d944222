using System.Buffers;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>
/// Packets to our own addresses: they never reach the link, but come back in from the work queue, since whoever sends may hold a lock.
/// </summary>
internal sealed class LoopbackQueue(LocalAddresses addresses, IPacketReceiver receiver, WorkQueue work) : IThreadPoolWorkItem
{
    // As a network would, it drops what a receiver too slow leaves lying; a full TCP window of 4 MiB fits.
    private const int Capacity = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Buffer, int Length)> _packets = new();
    private int _bytes;
    private bool _running;

    public bool TryTake(ReadOnlySpan<byte> packet, in IpAddress destination)
    {
        if (!addresses.Contains(destination))
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer);
        lock (_gate)
        {
            if (_bytes + packet.Length > Capacity)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return true;
            }

            _packets.Enqueue((buffer, packet.Length));
            _bytes += packet.Length;
            if (_running)
            {
                return true;
            }

            _running = true;
        }

        work.Run(this);
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            (byte[] Buffer, int Length) packet;
            var last = false;
            lock (_gate)
            {
                if (!_packets.TryDequeue(out packet))
                {
                    _running = false;
                    return;
                }

                _bytes -= packet.Length;
                last = _packets.Count == 0;
            }

            receiver.Receive(packet.Buffer.AsSpan(0, packet.Length));
            ArrayPool<byte>.Shared.Return(packet.Buffer);
            if (last)
            {
                receiver.EndOfBatch();
            }
        }
    }
}
