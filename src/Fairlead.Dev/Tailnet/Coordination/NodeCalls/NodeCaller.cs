using System.Collections.Concurrent;
using System.Text;
using Fairlead.Dev.Tailnet.Coordination.Maps;
using Fairlead.Tailnet.Protocol.Control.Pings;

namespace Fairlead.Dev.Tailnet.Coordination.NodeCalls;

/// <summary>
/// Calls from the server to nodes: a request goes down the map stream, and what the node posts to the URL in it is the answer. The
/// URL is good for one answer, from the machine it was sent to.
/// </summary>
internal sealed class NodeCaller(IdSource ids, NodePresence presence, Func<Uri> baseAddress, CoordinationOptions options, TimeProvider time)
{
    public const string Path = "/machine/c2n/";

    private readonly ConcurrentDictionary<string, (string NodeId, TaskCompletionSource<byte[]> Answer)> _waiting = new();

    /// <summary>Has the node execute an HTTP request.</summary>
    /// <exception cref="InvalidOperationException">The node has no map stream.</exception>
    /// <exception cref="TimeoutException">The node did not answer.</exception>
    /// <exception cref="FormatException">The node's answer is no HTTP response.</exception>
    public async Task<NodeReply> CallAsync(string nodeId, string method, string pathAndQuery, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var head = $"{method} {pathAndQuery} HTTP/1.1\r\nHost: node\r\nContent-Length: {body.Length}\r\n\r\n";
        byte[] payload = [.. Encoding.ASCII.GetBytes(head), .. body.Span];
        return HttpAnswerText.Parse(await AskAsync(nodeId, new PingRequest { Types = PingTypes.ControlToNode, Payload = payload }, ct));
    }

    /// <summary>Sends a request, with a URL of its own, and waits for what is posted there.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public async Task<byte[]> AskAsync(string nodeId, PingRequest request, CancellationToken ct)
    {
        var stream = presence.Find(nodeId) ?? throw new InvalidOperationException($"Node {nodeId} has no map stream to be called through.");
        var token = ids.Next(20);
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[token] = (nodeId, answer);
        try
        {
            stream.Send(request with { URL = AnswerUrl(token), URLIsNoise = true });
            return await answer.Task.WaitAsync(options.NodeCallTimeout, time, ct);
        }
        finally
        {
            _waiting.TryRemove(token, out _);
        }
    }

    /// <returns>False if nothing was asked under this token.</returns>
    public bool Answer(string token, IReadOnlySet<string> nodesOfMachine, byte[] body) =>
        _waiting.TryGetValue(token, out var waiting) && nodesOfMachine.Contains(waiting.NodeId) && waiting.Answer.TrySetResult(body);

    // Some clients send only https URLs through the channel, and ask the network for others. The host has no meaning there.
    private string AnswerUrl(string token) => new UriBuilder(baseAddress()) { Scheme = Uri.UriSchemeHttps, Path = Path + token }.Uri.AbsoluteUri;
}
