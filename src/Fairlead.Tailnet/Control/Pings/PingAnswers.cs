using System.Net;
using Fairlead.Tailnet.Control.ControlToNode;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Pings;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.Pings;

/// <summary>Does what the coordination server asks for in the map stream, beside the stream.</summary>
internal sealed partial class PingAnswers(
    ControlRequests requests, ControlToNodeServer server, NodePinger? pinger, HttpMessageInvoker plainHttp, TimeProvider time, ILogger logger)
{
    /// <summary>More at a time are dropped: a server may ask again, and must not make the node work without bounds.</summary>
    private const int MaxConcurrent = 16;

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(15);

    /// <summary>As other clients wait for a pong.</summary>
    private static readonly TimeSpan PingTime = TimeSpan.FromSeconds(5);

    private string _lastUrl = "";
    private int _running;

    /// <summary>Takes a request up, unless it is the one before once more. Not to be called by several threads at once.</summary>
    public void Take(PingRequest request, CancellationToken stop)
    {
        if (request.URL.Length == 0 || request.URL == _lastUrl) return;
        _lastUrl = request.URL;
        if (Interlocked.Increment(ref _running) > MaxConcurrent)
        {
            Interlocked.Decrement(ref _running);
            LogDropped(logger, request.Types);
            return;
        }

        _ = Task.Run(() => AnswerAsync(request, stop), CancellationToken.None);
    }

    private async Task AnswerAsync(PingRequest request, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            if (request.Types.Length == 0) await DeliverAsync(request, HttpMethod.Head, null, either.Token).ConfigureAwait(false);
            else if (request.Types == PingTypes.ControlToNode) await AnswerControlAsync(request, either.Token).ConfigureAwait(false);
            else await Task.WhenAll(request.Types.Split(',').Distinct().Take(4).Select(type => PingAsync(request, type, either.Token))).ConfigureAwait(false);
        }
        // Handlers of routes and the pinger are others' code: whatever they throw must not end more than this answer.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!stop.IsCancellationRequested) LogFailed(logger, request.Types, e.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task AnswerControlAsync(PingRequest request, CancellationToken cancellationToken)
    {
        var answer = await server.AnswerAsync(request.Payload ?? [], cancellationToken).ConfigureAwait(false);
        // The answer may say what only the server may know, whatever the request says about the way.
        await DeliverAsync(request with { URLIsNoise = true }, HttpMethod.Post, answer, cancellationToken).ConfigureAwait(false);
    }

    private async Task PingAsync(PingRequest request, string type, CancellationToken cancellationToken)
    {
        if (request.IP is not { } address || type is not (PingTypes.Tsmp or PingTypes.Disco or PingTypes.Icmp or PingTypes.PeerApi))
        {
            LogUnknown(logger, type);
            return;
        }

        var response = pinger is null
            ? new PingResponse { Err = "This node has no means to ping others." }
            : await PingAsync(pinger, address, type, cancellationToken).ConfigureAwait(false);
        var body = ControlJson.Serialize(response with { Type = type, IP = address.ToString() });
        await DeliverAsync(request, HttpMethod.Post, body, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PingResponse> PingAsync(NodePinger ping, IPAddress address, string type, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(PingTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ping(address, type, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PingResponse { Err = $"No answer within {PingTime.TotalSeconds:F0} s." };
        }
    }

    private async Task DeliverAsync(PingRequest request, HttpMethod method, byte[]? body, CancellationToken cancellationToken)
    {
        var isAbsolute = Uri.TryCreate(request.URL, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (request.URLIsNoise)
        {
            // The channel leads to the server alone, so the host of the URL has no meaning.
            await requests.SendOnlyAsync(method, isAbsolute ? url!.PathAndQuery : "/" + request.URL.TrimStart('/'), body, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!isAbsolute) throw new InvalidDataException("The URL of a ping request is no http or https URL.");
        using var message = new HttpRequestMessage(method, url);
        if (body is not null) message.Content = new ByteArrayContent(body);
        using var response = await plainHttp.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Warning, Message = "Too many requests of the coordination server at once; one of type \"{Types}\" was dropped.")]
    private static partial void LogDropped(ILogger logger, string types);

    [LoggerMessage(EventId = 31, Level = LogLevel.Information, Message = "A request of the coordination server of type \"{Types}\" was not answered. {Reason}")]
    private static partial void LogFailed(ILogger logger, string types, string reason);

    [LoggerMessage(EventId = 32, Level = LogLevel.Information, Message = "The coordination server asked for a ping of the unknown type \"{Type}\", or of nobody.")]
    private static partial void LogUnknown(ILogger logger, string type);
}
