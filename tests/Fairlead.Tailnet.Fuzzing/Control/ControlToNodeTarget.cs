using Fairlead.Tailnet.Control.ControlToNode;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>HTTP requests of the coordination server as text.</summary>
internal sealed class ControlToNodeTarget : IFuzzTarget
{
    private readonly ControlToNodeServer _server = new(
        [new ControlToNodeRoute(null, "/echo", (request, _) => ValueTask.FromResult(new ControlToNodeResponse { Body = request.Body }))],
        NullLogger.Instance);

    public string Name => "c2n-request";

    public IEnumerable<byte[]> Seeds =>
    [
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray(),
        "GET http://unused/echo?a=b HTTP/1.0\r\nA: b\r\nA: c\r\n\r\n"u8.ToArray(),
        "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n00a\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var answer = _server.AnswerAsync(input.ToArray(), CancellationToken.None).GetAwaiter().GetResult();
        if (!answer.AsSpan().StartsWith("HTTP/1.1 "u8)) throw new InvalidOperationException("The answer is no HTTP.");
    }
}
