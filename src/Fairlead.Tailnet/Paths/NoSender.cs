using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>Sends nothing: a node without UDP sockets.</summary>
internal sealed class NoSender : IDatagramSender
{
    public static NoSender Instance { get; } = new();

    public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
    }
}
