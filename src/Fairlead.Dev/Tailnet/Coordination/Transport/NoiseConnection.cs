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
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NoiseConnection(Stream stream, MachineConnection machine, string id, EndPoint? remote)
    {
        _stream = stream;
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
        _stream.Dispose();
        if (!_served.Task.IsCompleted) _closed.Cancel();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _stream.DisposeAsync();
        if (_served.TrySetResult())
        {
            await _closed.CancelAsync();
            _closed.Dispose();
        }
        await base.DisposeAsync();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
