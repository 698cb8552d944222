using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary>
/// Sends batches: in one call with segmentation offload where the kernel and the way to the destination can, else with
/// <c>sendmmsg</c>, else one by one.
/// </summary>
internal sealed unsafe class UdpBatchSender(bool offload, UdpCounters counters)
{
    // UDP_MAX_SEGMENTS of kernels before 6.9; and what an IPv4 packet carries: 65,535 bytes without IP and UDP header.
    private const int MaxSegments = 64;
    private const int MaxMessage = 65_507;

    private const int MaxMessagesPerCall = 64;

    // Full buffers drain in well under a millisecond; who waits longer holds up packets of others.
    private const int MaxWaitMilliseconds = 1;

    // Destinations are remembered until the next rebind; a scan of addresses must not fill the memory.
    private const int MaxRefused = 1024;

    private readonly ConcurrentDictionary<UdpAddress, bool> _refused = new(concurrencyLevel: 1, capacity: 1);
    private volatile bool _anyRefused;
    private volatile bool _oneByOne;

    public void Send(int descriptor, in UdpAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        SocketAddressBytes name;
        var nameLength = SocketAddressBytes.Write(to, new Span<byte>(&name, SocketAddressBytes.Size));
        fixed (byte* start = datagrams)
        {
            var batch = new Batch { Name = &name, NameLength = nameLength, Next = start, End = start + datagrams.Length, Size = datagramSize };
            if (datagrams.Length > datagramSize)
            {
                if (offload && !(_anyRefused && _refused.ContainsKey(to)))
                {
                    SendWithOffload(descriptor, to, ref batch);
                }

                while (batch.Next < batch.End && !_oneByOne && SendMany(descriptor, ref batch))
                {
                }
            }

            while (batch.Next < batch.End)
            {
                SendOne(descriptor, ref batch);
            }
        }
    }

    /// <summary>Ends early, with the rest of the batch unsent, if the destination refuses.</summary>
    private void SendWithOffload(int descriptor, in UdpAddress to, ref Batch batch)
    {
        var most = batch.Size * Math.Min(MaxSegments, MaxMessage / batch.Size);
        while (batch.Next < batch.End && most > batch.Size)
        {
            var length = Math.Min(most, (int)(batch.End - batch.Next));
            var control = new ControlMessage { Length = ControlMessage.LengthOfSegmentSize, Level = LibC.SOL_UDP, Type = LibC.UDP_SEGMENT, Value = batch.Size };
            var vector = new IoVector { Base = batch.Next, Length = (nuint)length };
            var message = new MessageHeader { Name = batch.Name, NameLength = batch.NameLength, Vectors = &vector, VectorCount = 1 };
            if (length > batch.Size)
            {
                message.Control = &control;
                message.ControlLength = (nuint)sizeof(ControlMessage);
            }

            if (TrySend(descriptor, &message, out var error))
            {
                counters.Sent(batch.Count(length), length);
            }
            else if (error is LinuxError.InputOutput or LinuxError.InvalidArgument or LinuxError.MessageTooLong && message.Control != null)
            {
                // EIO: the device cannot checksum. EINVAL, EMSGSIZE: a segment does not fit the path's MTU, and offload does not fragment.
                Refuse(to);
                return;
            }
            else
            {
                counters.Dropped(batch.Count(length));
            }

            batch.Next += length;
        }
    }

    private void Refuse(in UdpAddress to)
    {
        if (_refused.Count >= MaxRefused)
        {
            _refused.Clear();
        }

        _refused[to] = true;
        _anyRefused = true;
        counters.OffloadRefused();
    }

    /// <returns>False if the system has no such call.</returns>
    private bool SendMany(int descriptor, ref Batch batch)
    {
        var entries = stackalloc MessageEntry[MaxMessagesPerCall];
        var vectors = stackalloc IoVector[MaxMessagesPerCall];
        var count = 0;
        for (var next = batch.Next; next < batch.End && count < MaxMessagesPerCall; next += batch.Size, count++)
        {
            vectors[count] = new IoVector { Base = next, Length = (nuint)Math.Min(batch.Size, batch.End - next) };
            entries[count] = new MessageEntry { Header = new MessageHeader { Name = batch.Name, NameLength = batch.NameLength, Vectors = vectors + count, VectorCount = 1 } };
        }

        for (var attempt = 0; ; attempt++)
        {
            var sent = LibC.sendmmsg(descriptor, entries, (uint)count, LibC.MSG_DONTWAIT);
            if (sent > 0)
            {
                var length = Math.Min((long)sent * batch.Size, batch.End - batch.Next);
                counters.Sent(sent, length);
                batch.Next += length;
                return true;
            }

            var error = (LinuxError)Marshal.GetLastPInvokeError();
            if (error is LinuxError.NoSystemCall)
            {
                _oneByOne = true;
                return false;
            }

            if (!Retry(descriptor, error, attempt))
            {
                // The first was refused; the others may be of another mind.
                counters.Dropped(1);
                batch.Next += Math.Min(batch.Size, batch.End - batch.Next);
                return true;
            }
        }
    }

    private void SendOne(int descriptor, ref Batch batch)
    {
        var length = (int)Math.Min(batch.Size, batch.End - batch.Next);
        var vector = new IoVector { Base = batch.Next, Length = (nuint)length };
        var message = new MessageHeader { Name = batch.Name, NameLength = batch.NameLength, Vectors = &vector, VectorCount = 1 };
        if (TrySend(descriptor, &message, out _))
        {
            counters.Sent(1, length);
        }
        else
        {
            counters.Dropped(1);
        }

        batch.Next += length;
    }

    private static bool TrySend(int descriptor, MessageHeader* message, out LinuxError error)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (LibC.sendmsg(descriptor, message, LibC.MSG_DONTWAIT) >= 0)
            {
                error = default;
                return true;
            }

            error = (LinuxError)Marshal.GetLastPInvokeError();
            if (!Retry(descriptor, error, attempt))
            {
                return false;
            }
        }
    }

    /// <summary>Once more after an interruption or full buffers, once those have drained or a moment has passed.</summary>
    private static bool Retry(int descriptor, LinuxError error, int attempt)
    {
        if (attempt > 0 || error is not (LinuxError.TryAgain or LinuxError.NoBufferSpace or LinuxError.Interrupted))
        {
            return false;
        }

        if (error is LinuxError.TryAgain)
        {
            var entry = new PollEntry { Descriptor = descriptor, Events = LibC.POLLOUT };
            _ = LibC.poll(&entry, 1, MaxWaitMilliseconds);
        }

        return true;
    }

    private ref struct Batch
    {
        public void* Name;
        public uint NameLength;
        public byte* Next;
        public byte* End;
        public int Size;

        public readonly int Count(int length) => (length + Size - 1) / Size;
    }
}
