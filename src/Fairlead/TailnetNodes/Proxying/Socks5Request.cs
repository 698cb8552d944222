using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Fairlead.TailnetNodes.Proxying;

/// <summary>A client's request by SOCKS version 5 (RFC 1928), without authentication: connections only.</summary>
internal sealed record Socks5Request(string Host, int Port) : IProxyRequest
{
    public const byte Version = 5;

    private const byte NoAuthentication = 0;
    private const byte NoAcceptableMethod = 0xFF;
    private const byte Connect = 1;
    private const byte IPv4 = 1;
    private const byte DomainName = 3;
    private const byte IPv6 = 4;
    private const byte Succeeded = 0;
    private const byte HostUnreachable = 4;
    private const byte CommandNotSupported = 7;
    private const byte AddressTypeNotSupported = 8;

    /// <summary>Reads what follows the first byte.</summary>
    /// <exception cref="ProxyRefusedException">The client wants what is not offered; it was told.</exception>
    public static async Task<Socks5Request> ReadAsync(Stream client, CancellationToken cancellationToken)
    {
        var methods = await ReadAsync(client, (await ReadAsync(client, 1, cancellationToken).ConfigureAwait(false))[0], cancellationToken).ConfigureAwait(false);
        if (!methods.Contains(NoAuthentication))
        {
            await client.WriteAsync(new byte[] { Version, NoAcceptableMethod }, cancellationToken).ConfigureAwait(false);
            throw new ProxyRefusedException("The client insists on authentication.");
        }

        await client.WriteAsync(new byte[] { Version, NoAuthentication }, cancellationToken).ConfigureAwait(false);
        var request = await ReadAsync(client, 4, cancellationToken).ConfigureAwait(false);
        if (request[0] != Version || request[1] != Connect)
        {
            await AnswerAsync(client, CommandNotSupported, cancellationToken).ConfigureAwait(false);
            throw new ProxyRefusedException("The client wants something other than a connection.");
        }

        var length = request[3] switch
        {
            IPv4 => 4,
            IPv6 => 16,
            DomainName => (await ReadAsync(client, 1, cancellationToken).ConfigureAwait(false))[0],
            _ => 0,
        };
        if (length == 0)
        {
            await AnswerAsync(client, AddressTypeNotSupported, cancellationToken).ConfigureAwait(false);
            throw new ProxyRefusedException("The client names its target in an unknown way.");
        }

        var host = await ReadAsync(client, length, cancellationToken).ConfigureAwait(false);
        var port = await ReadAsync(client, 2, cancellationToken).ConfigureAwait(false);
        return new Socks5Request(
            request[3] == DomainName ? Encoding.ASCII.GetString(host) : new IPAddress(host).ToString(), BinaryPrimitives.ReadUInt16BigEndian(port));
    }

    public Task AcceptAsync(Stream client, Stream target, CancellationToken cancellationToken) => AnswerAsync(client, Succeeded, cancellationToken);

    public Task RefuseAsync(Stream client, string reason, CancellationToken cancellationToken) => AnswerAsync(client, HostUnreachable, cancellationToken);

    private static async Task<byte[]> ReadAsync(Stream client, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await client.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    private static Task AnswerAsync(Stream client, byte code, CancellationToken cancellationToken) =>
        client.WriteAsync(new byte[] { Version, code, 0, IPv4, 0, 0, 0, 0, 0, 0 }, cancellationToken).AsTask();
}
