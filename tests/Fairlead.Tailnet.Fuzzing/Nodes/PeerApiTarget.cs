using System.Text;
using Fairlead.Tailnet.Nodes.PeerApi;

namespace Fairlead.Tailnet.Fuzzing.Nodes;

/// <summary>A peer's request to the node's HTTP server.</summary>
internal sealed class PeerApiTarget : IFuzzTarget
{
    public string Name => "peer-api-request";

    public IEnumerable<byte[]> Seeds =>
    [
        "HEAD / HTTP/1.1\r\nHost: 100.64.0.1:40000\r\nConnection: close\r\n\r\n"u8.ToArray(),
        "PUT /v0/put/file HTTP/1.1\r\n\r\n"u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var answer = PeerApiServer.Answer(Encoding.ASCII.GetString(input));
        if (!answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) throw new InvalidOperationException("The answer is no HTTP.");
    }
}
