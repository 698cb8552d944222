using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Dev.Tailnet.Coordination.Transport;

/// <summary>An encrypted channel as a connection that Kestrel can serve.</summary>
internal sealed class NoiseConnection : ConnectionContext, IConnectionLifetimeFeature
{
    private readonly Stream _stream;
    private readonly Action _abort;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="abort">Cuts the connection that carries the channel: disposing of a stream would not wake who reads from it.</param>
    public NoiseConnection(Stream stream, Action abort, MachineConnection machine, string id, EndPoint? remote)
    {
        _stream = stream;
        _abort = abort;
        Machine = machine;
        ConnectionId = id;
        RemoteEndPoint = remote;
        LocalEndPoint = NoiseEndPoint.Instance;
        ConnectionClosed = _closed.Token;
        Transport = new DuplexPipe(PipeReader.Create(stream), PipeWriter.Create(stream));
        Features.Set(machine);
        Features.Set<IConnectionLifetimeFeature>(this);
    }

    public MachineConnection Machine { get; }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    /// <summary>Completes when nothing more will be read or written.</summary>
    public Task Served => _served.Task;

    public override void Abort(ConnectionAbortedException abortReason) => Abort();

    public override void Abort()
    {
        try
        {
            _abort();
        }
        catch (ObjectDisposedException)
        {
            // The request that the channel came from has ended by itself.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            // Kestrel flushed what it had to say; without an exception the pipe would try to write the rest, to a peer that may be gone.
            await Transport.Output.CompleteAsync(new ConnectionAbortedException());
            await Transport.Input.CompleteAsync();
            await _stream.DisposeAsync();
        }
        finally
        {
            if (_served.TrySetResult())
            {
                await _closed.CancelAsync();
                _closed.Dispose();
            }
        }
        await base.DisposeAsync();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
