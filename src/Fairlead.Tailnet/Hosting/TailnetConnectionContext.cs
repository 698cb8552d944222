using System.IO.Pipelines;
using System.Net;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Tailnet.Hosting;

/// <summary>A connection of the tailnet as a server sees it.</summary>
internal sealed class TailnetConnectionContext : ConnectionContext,
    ITailnetConnectionFeature, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature, IConnectionEndPointFeature
{
    private readonly TailnetNode _node;
    private readonly TcpConnection _connection;
    private readonly CancellationTokenSource _closed = new();

    public TailnetConnectionContext(TailnetNode node, TcpConnection connection)
    {
        _node = node;
        _connection = connection;
        LocalEndPoint = connection.LocalEndPoint;
        RemoteEndPoint = connection.RemoteEndPoint;
        Transport = new DuplexPipe(PipeReader.Create(connection, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)), PipeWriter.Create(connection, new StreamPipeWriterOptions(leaveOpen: true)));
        ConnectionClosed = _closed.Token;
        Features.Set<ITailnetConnectionFeature>(this);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        _ = connection.Closed.ContinueWith(static (_, context) => ((TailnetConnectionContext)context!).NoteClosed(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    TailnetNode ITailnetConnectionFeature.Node => _node;

    TailnetIdentity? ITailnetConnectionFeature.Peer => _node.WhoIs(_connection.RemoteEndPoint.Address, _connection.LocalEndPoint.Address);

    public override void Abort(ConnectionAbortedException abortReason) => _connection.Abort();

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync().ConfigureAwait(false);
        await Transport.Output.CompleteAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _closed.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void NoteClosed() => ThreadPool.UnsafeQueueUserWorkItem(static context => context.CancelClosed(), this, preferLocal: false);

    private void CancelClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The server was done with the connection first.
        }
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
