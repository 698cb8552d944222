namespace Fairlead.Dev.ServiceNetwork;

/// <summary>The ports of Services that take connections, for those who wait for one.</summary>
internal sealed class ServedPorts
{
    private readonly Lock _gate = new();
    private readonly HashSet<ServicePort> _ports = [];
    private TaskCompletionSource _added = NewSignal();

    public void Add(ServicePort port)
    {
        TaskCompletionSource added;
        lock (_gate)
        {
            if (!_ports.Add(port))
                return;
            (added, _added) = (_added, NewSignal());
        }

        added.SetResult();
    }

    public void Remove(ServicePort port)
    {
        lock (_gate)
            _ports.Remove(port);
    }

    public async Task WaitAsync(ServicePort port, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task added;
            lock (_gate)
            {
                if (_ports.Contains(port))
                    return;
                added = _added.Task;
            }

            await added.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
