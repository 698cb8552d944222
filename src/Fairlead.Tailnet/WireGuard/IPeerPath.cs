using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>The way to one peer, whatever it is at the moment. WireGuard knows peers by key; which path leads there is decided below.</summary>
public interface IPeerPath
{
    /// <summary>Sends one or more WireGuard messages that lie one after the other.</summary>
    /// <inheritdoc cref="IDatagramSender.Send"/>
    void Send(ReadOnlySpan<byte> datagrams, int datagramSize);

    /// <summary>A message from this address was proven to be the peer's.</summary>
    void Authenticated(in PathAddress from);
}
