using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary>
/// What <c>recvmmsg</c> writes to: one set per receiving thread, used for all sockets in turn, so that an idle socket holds nothing. The
/// memory is reserved once; pages that were never written to cost nothing.
/// </summary>
internal sealed unsafe class ReceiveBuffers
{
    /// <summary>Most messages of one call.</summary>
    public const int Capacity = 32;

    // The kernel coalesces up to 64 KiB of datagrams into one message.
    private const int MessageSize = 1 << 16;

    private readonly MessageEntry* _entries = Allocate<MessageEntry>(Capacity);
    private readonly IoVector* _vectors = Allocate<IoVector>(Capacity);
    private readonly SocketAddressBytes* _names = Allocate<SocketAddressBytes>(Capacity);
    private readonly ControlMessage* _controls = Allocate<ControlMessage>(Capacity);
    private readonly byte* _data = Allocate<byte>(Capacity * MessageSize);

    public MessageEntry* Entries => _entries;

    /// <summary>Sets back what the kernel changes in the first entries.</summary>
    public void Prepare(int count)
    {
        for (var index = 0; index < count; index++)
        {
            _vectors[index] = new IoVector { Base = _data + (index * MessageSize), Length = MessageSize };
            _controls[index] = default;
            _entries[index].Length = 0;
            _entries[index].Header = new MessageHeader
            {
                Name = _names + index,
                NameLength = SocketAddressBytes.Size,
                Vectors = _vectors + index,
                VectorCount = 1,
                Control = _controls + index,
                ControlLength = (nuint)sizeof(ControlMessage),
            };
        }
    }

    /// <summary>What was received in an entry; empty if it was cut off.</summary>
    public Span<byte> Message(int index) =>
        (_entries[index].Header.Flags & LibC.MSG_TRUNC) == 0 ? new Span<byte>(_data + (index * MessageSize), (int)_entries[index].Length) : default;

    public UdpAddress From(int index) => SocketAddressBytes.Read(_names[index]);

    /// <summary>Size of the datagrams in a message that the kernel coalesced, of which the last may be shorter; 0 if it did not.</summary>
    public int SegmentSize(int index)
    {
        ref readonly var control = ref _controls[index];
        return _entries[index].Header.ControlLength >= ControlMessage.LengthOfSegmentSize && control is { Level: LibC.SOL_UDP, Type: LibC.UDP_GRO }
            ? control.Value
            : 0;
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
