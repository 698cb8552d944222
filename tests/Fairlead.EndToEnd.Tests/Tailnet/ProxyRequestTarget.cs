using Fairlead.Tailnet.Fuzzing;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.EndToEnd.Tests.Tailnet;

/// <summary>What programs of this machine send to the proxy; the first byte says in which language.</summary>
internal sealed class ProxyRequestTarget(string name) : IFuzzTarget
{
    private bool IsSocks => name.StartsWith("socks", StringComparison.Ordinal);

    public string Name => name;

    public IEnumerable<byte[]> Seeds => IsSocks
        ? [[1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 80], [2, 0, 2, 5, 1, 0, 3, 3, .. "web"u8, 0, 80], [1, 0, 5, 1, 0, 4, .. new byte[16], 1, 187]]
        : [
            "CONNECT web:443 HTTP/1.1\r\nHost: web\r\n\r\n\x16\x03"u8.ToArray(),
            "GET http://web/a?b HTTP/1.0\r\nConnection: X, TE\r\nX: 1\r\n\r\n"u8.ToArray(),
            "PUT http://[fd7a::1]:8080/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"u8.ToArray(),
        ];

    public void Run(ReadOnlySpan<byte> input)
    {
        using var client = new ScriptedClient(input.ToArray(), 64);
        try
        {
            // Everything is there at once, so that this never waits.
            IProxyRequest request = IsSocks
                ? Socks5Request.ReadAsync(client, CancellationToken.None).GetAwaiter().GetResult()
                : HttpProxyRequest.ReadAsync(client, (byte)client.ReadByte(), CancellationToken.None).GetAwaiter().GetResult();
            Assert.InRange(request.Port, 0, ushort.MaxValue);
        }
        catch (Exception e) when (e is ProxyRefusedException or EndOfStreamException)
        {
            // The client is told, or gone.
        }
    }
}
