using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.TailnetNodes;

/// <summary>Asks the node that runs with a directory.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly NodeDirectory _directory;
    private readonly HttpMessageInvoker _http;

    public NodeClient(NodeDirectory directory)
    {
        _directory = directory;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) => await ConnectAsync(cancellationToken).ConfigureAwait(false),
        });
    }

    /// <exception cref="UserErrorException">No node runs there, or it refuses.</exception>
    public async Task<JsonObject> GetAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(pathAndQuery, null, cancellationToken).ConfigureAwait(false);
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>A connection to a host of the tailnet.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<Stream> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        var response = await SendAsync($"/dial?host={Uri.EscapeDataString(host)}&port={port}", NodeApi.StreamProtocol, cancellationToken).ConfigureAwait(false);
        return new FramedStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Lines that the node answers with, until it or the caller ends it.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async IAsyncEnumerable<string> LinesAsync(string pathAndQuery, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(pathAndQuery, null, cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await ReadLineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <returns>Null when the node ended the answer, or itself.</returns>
    private static async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string pathAndQuery, string? upgrade, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://node{pathAndQuery}");
        if (upgrade is not null)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.ParseAdd(upgrade);
        }

        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new UserErrorException(ExitCodes.Unavailable, $"the node with the state in {_directory.Path} is another user's; run this as that user, or name another directory with --state", e);
        }
        catch (HttpRequestException e) when (e.InnerException is not SocketException)
        {
            throw new UserErrorException(ExitCodes.Unavailable, $"the node with the state in {_directory.Path} did not answer: {e.Message.TrimEnd('.')}; see whether it still runs", e);
        }
        catch (HttpRequestException e)
        {
            throw new UserErrorException(ExitCodes.Unavailable, $"no node runs with the state in {_directory.Path}; start one with 'fairlead tailnet up', or name its directory with --state", e);
        }

        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.SwitchingProtocols)
        {
            return response;
        }

        using (response)
        {
            throw new UserErrorException(ExitCodes.Unavailable, await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_directory.Socket), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
