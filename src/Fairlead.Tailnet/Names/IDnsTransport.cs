namespace Fairlead.Tailnet.Names;

/// <summary>Asks one DNS server.</summary>
internal interface IDnsTransport
{
    /// <param name="server">An address, <c>address:port</c>, or the <c>https</c> URL of a server that speaks RFC 8484.</param>
    /// <param name="query">A whole message; its identifier is a random one.</param>
    /// <returns>The whole answer, proven to be one to this query.</returns>
    /// <exception cref="IOException">No answer was to be had.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Likewise.</exception>
    Task<byte[]> ExchangeAsync(string server, ReadOnlyMemory<byte> query, CancellationToken cancellationToken);
}
