using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>Lets only some of what peers send into the tunnel.</summary>
/// <param name="admits">Told the type of a message of WireGuard's, which is its first byte.</param>
internal sealed class FilteredPath(IDatagramReceiver next, Func<byte, bool> admits) : IDatagramReceiver
{
    public void Receive(Span<byte> datagram, in PathAddress from)
    {
        if (admits(datagram[0]))
        {
            next.Receive(datagram, from);
        }
    }

    public void EndOfBatch() => next.EndOfBatch();
}
