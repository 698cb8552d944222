using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>An active open that someone waits for.</summary>
internal sealed class OpenOperation(WorkQueue work) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<TcpConnection> _completion = new();
    private TcpConnection? _connection;
    private SocketError _error;

    public Task<TcpConnection> Task => _completion.Task;

    public void Succeed(TcpConnection connection)
    {
        _connection = connection;
        work.Run(this);
    }

    public void Fail(SocketError error)
    {
        _error = error;
        work.Run(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_connection is not null)
        {
            _completion.TrySetResult(_connection);
        }
        else
        {
            _completion.TrySetException(TcpErrors.Create(_error));
        }
    }
}
