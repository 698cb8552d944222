using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>The way to one peer, whatever it is at the moment. WireGuard knows peers by key; which path leads there is decided below.</summary>
public interface IPeerPath
{
    /// <summary>Sends one or more WireGuard messages that lie one after the other.</summary>
    /// <inheritdoc cref="IDatagramSender.Send"/>
    void Send(ReadOnlySpan<byte> datagrams, int datagramSize);

    /// <summary>
    /// Messages from this address were proven to be the peer's. Told when the address changes, and once a second or so while they come.
    /// The caller holds no lock, and answers with <see cref="Send"/> if an answer is due, so that it goes where the path decides now.
    /// </summary>
    void Authenticated(in PathAddress from);
}
