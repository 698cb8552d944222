using Fairlead.Tailnet.Tun;

namespace Fairlead.Tailnet.Fuzzing.Tun;

/// <summary>Answers of the kernel's routing socket.</summary>
internal sealed class NetlinkAcknowledgementTarget : IFuzzTarget
{
    private const uint Sequence = 7;
    private const ushort MessageError = 2;

    public string Name => "netlink-ack";

    public IEnumerable<byte[]> Seeds =>
    [
        Acknowledgement(0, Sequence),
        [.. Acknowledgement(0, Sequence - 1), .. Acknowledgement(-17, Sequence)],
        [.. new NetlinkMessage(16, 0).Attribute(4, 1280).ToSpan(Sequence), .. Acknowledgement(-1, Sequence)],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            NetlinkAcknowledgement.TryFind(input, Sequence, out _);
        }
        catch (InvalidDataException)
        {
            // Documented.
        }
    }

    // struct nlmsgerr: the error number, and the header of the request.
    private static byte[] Acknowledgement(int error, uint sequence) =>
        new NetlinkMessage(MessageError, 0).Add(error).Add(new NetlinkMessage(16, 5).ToSpan(sequence)).ToSpan(sequence).ToArray();
}
