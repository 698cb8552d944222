using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>
/// A command in a container over a WebSocket, in Kubernetes' protocols <c>v4.channel.k8s.io</c> and <c>v5.channel.k8s.io</c>:
/// each message starts with the number of the channel it belongs to.
/// </summary>
internal sealed class PodExecConnection(WebSocket socket, IExecSession session, CancellationToken cancellationToken) : IDisposable
{
    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Error = 2;
    private const byte Outcome = 3;

    // Since version 5: the client has ended the channel whose number follows.
    private const byte Close = 255;

    private const int PieceSize = 32 * 1024;

    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    private readonly SemaphoreSlim _sending = new(1);

    public static async Task ServeAsync(ApiRequest request, Func<INodeKeeper> keeper)
    {
        var sockets = request.Http.WebSockets;
        if (!sockets.IsWebSocketRequest)
            throw ApiErrors.BadRequest("commands in Pods are served over WebSockets alone; use a kubectl of version 1.30 or later");
        if (Protocols.FirstOrDefault(sockets.WebSocketRequestedProtocols.Contains) is not { } protocol)
            throw ApiErrors.BadRequest($"no common WebSocket protocol; this server knows {string.Join(", ", Protocols)}");
        var query = request.Query;
        if (RequestQuery.Flag(query, "tty") == true)
            throw ApiErrors.BadRequest("terminals are not available for Pods that run as local processes; leave out --tty (-t)");
        ImmutableArray<string> command = [.. query["command"].OfType<string>()];
        if (command.IsEmpty)
            throw ApiErrors.BadRequest("you must specify at least one command for the container");
        var container = query["container"].ToString() is { Length: > 0 } name ? name : null;
        var session = await keeper().ExecuteAsync(
            new PodExecRequest(request.Info.Namespace!, request.Info.Name!, container, command), request.Aborted).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            using var socket = await sockets.AcceptWebSocketAsync(protocol).ConfigureAwait(false);
            using var connection = new PodExecConnection(socket, session, request.Aborted);
            try
            {
                await connection.RunAsync(RequestQuery.Flag(query, "stdin") == true).ConfigureAwait(false);
            }
            catch (WebSocketException)
            {
                // The client is gone; the command ends with its session.
            }
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task RunAsync(bool hasInput)
    {
        // A command without input must not wait for one.
        if (!hasInput)
            session.Input.Close();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = ReceiveAsync(ending.Token);
        var outputs = Task.WhenAll(SendAsync(Output, session.Output), SendAsync(Error, session.Error));
        if (await Task.WhenAny(outputs, receiving).ConfigureAwait(false) == receiving)
            return;

        await outputs.ConfigureAwait(false);
        var code = await session.WaitAsync(cancellationToken).ConfigureAwait(false);
        await SendAsync(Outcome, Encoding.UTF8.GetBytes(Status(code).ToJsonString())).ConfigureAwait(false);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
        await receiving.ConfigureAwait(false);
    }

    private static JsonObject Status(int code)
    {
        var status = new JsonObject { ["metadata"] = new JsonObject(), ["status"] = code == 0 ? "Success" : "Failure" };
        if (code == 0)
            return status;
        status["message"] = string.Create(CultureInfo.InvariantCulture, $"command terminated with non-zero exit code: exit status {code}");
        status["reason"] = "NonZeroExitCode";
        status["details"] = new JsonObject
        {
            ["causes"] = new JsonArray((JsonNode)new JsonObject { ["reason"] = "ExitCode", ["message"] = code.ToString(CultureInfo.InvariantCulture) }),
        };
        return status;
    }

    /// <summary>Passes on what the client sends, until it closes.</summary>
    private async Task ReceiveAsync(CancellationToken ending)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            byte? channel = null;
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(), ending).ConfigureAwait(false);
                if (result.MessageType == WebSocketMessageType.Close)
                    return;

                // The channel's number stands at the start of the message, not of each of its pieces.
                var piece = buffer.AsMemory(0, result.Count);
                if (channel is null && piece.Length > 0)
                {
                    channel = piece.Span[0];
                    piece = piece[1..];
                }

                if (channel == Input)
                    await WriteAsync(piece, ending).ConfigureAwait(false);
                else if (channel == Close && piece.Length > 0 && piece.Span[0] == Input)
                    session.Input.Close();
                if (result.EndOfMessage)
                    channel = null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken ending)
    {
        try
        {
            await session.Input.WriteAsync(piece, ending).ConfigureAwait(false);
            await session.Input.FlushAsync(ending).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The command no longer reads.
        }
    }

    private async Task SendAsync(byte channel, Stream source)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false)) > 0)
                await SendAsync(channel, buffer.AsMemory(0, read)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SendAsync(byte channel, ReadOnlyMemory<byte> piece)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await socket.SendAsync((byte[])[channel], WebSocketMessageType.Binary, endOfMessage: false, cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }
}
