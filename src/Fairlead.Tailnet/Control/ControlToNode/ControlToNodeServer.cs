using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.ControlToNode;

/// <summary>Serves HTTP requests of the coordination server that come through the map stream.</summary>
internal sealed partial class ControlToNodeServer(IEnumerable<ControlToNodeRoute> routes, ILogger logger)
{
    private readonly ControlToNodeRoute[] _routes = [.. routes];

    /// <param name="request">HTTP/1 text.</param>
    /// <returns>HTTP/1 text.</returns>
    public async Task<byte[]> AnswerAsync(byte[] request, CancellationToken cancellationToken) =>
        HttpText.Write(HttpText.Read(request, out var refusal) is { } parsed ? await ServeAsync(parsed, cancellationToken).ConfigureAwait(false) : refusal);

    private async Task<ControlToNodeResponse> ServeAsync(ControlToNodeRequest request, CancellationToken cancellationToken)
    {
        var atPath = _routes.Where(route => route.Path == request.Path).ToList();
        if (atPath.Count == 0) return ControlToNodeResponse.Text("unknown path\n", 404);
        if (atPath.Find(route => route.Method is null || route.Method == request.Method) is not { } match)
        {
            return ControlToNodeResponse.Text("method not allowed\n", 405);
        }

        try
        {
            return await match.Handler(request, cancellationToken).ConfigureAwait(false);
        }
        // A handler's failure is an answer too; what it says may be about things of the node alone.
#pragma warning disable CA1031
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogHandlerFailed(logger, request.Path, e);
            return ControlToNodeResponse.Text("internal error\n", 500);
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Warning, Message = "The coordination server's request of {Path} failed.")]
    private static partial void LogHandlerFailed(ILogger logger, string path, Exception exception);
}
