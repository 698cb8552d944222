namespace Fairlead.Tailnet.Transport;

/// <summary>Sends datagrams to addresses: a set of UDP sockets, or a relay connection, or both behind one.</summary>
public interface IDatagramSender
{
    /// <summary>
    /// Sends one or more datagrams that lie one after the other. The bytes are read before the call returns. What cannot be sent at once
    /// is dropped, as on any network. Safe to call from several threads.
    /// </summary>
    /// <param name="datagrams">All but the last are <paramref name="datagramSize"/> bytes long; the last may be shorter.</param>
    void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize);
}
