namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Tells those who wait that a connection is over.</summary>
internal sealed class ClosedSignal : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _completion = new();

    public Task Task => _completion.Task;

    public void Execute() => _completion.TrySetResult();
}
