using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Tailnet.Tests.Control.Transport;

/// <summary>Hands streams to an HTTP server as if they were connections that came in.</summary>
internal sealed class ChannelListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    /// <summary>Serves the stream until the server is done with it.</summary>
    public Task ServeAsync(Stream stream)
    {
        var connection = new StreamConnection(stream);
        _connections.Writer.TryWrite(connection);
        return connection.Over;
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) && _connections.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed record StreamPipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class StreamConnection : DefaultConnectionContext
    {
        private readonly Stream _stream;
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StreamConnection(Stream stream)
            : base(Guid.NewGuid().ToString())
        {
            _stream = stream;
            Transport = new StreamPipes(PipeReader.Create(stream), PipeWriter.Create(stream));
        }

        public Task Over => _over.Task;

        // The base's way cancels a token on another thread, which may come after the disposal.
        public override void Abort(ConnectionAbortedException abortReason) => _stream.Dispose();

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _over.TrySetResult();
        }
    }
}
