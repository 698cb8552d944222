namespace Fairlead.Tailnet.Netstack;

/// <summary>
/// A read or write that waits. One per direction of a connection or socket, made at the first wait and used for all that follow. It is also
/// the work item that completes it, so that waking allocates nothing.
/// </summary>
/// <param name="gate">The lock of what it waits for.</param>
internal abstract class PendingOperation(Lock gate, WorkQueue work) : IThreadPoolWorkItem
{
    private CancellationTokenRegistration _registration;

    public bool IsWaiting { get; private set; }

    /// <summary>Waiting or on its way to completion.</summary>
    public bool IsActive { get; private set; }

    public CancellationToken Token { get; private set; }

    public bool IsCancelled { get; private set; }

    /// <summary>Begins to wait; under the lock.</summary>
    protected void Begin(CancellationToken cancellation)
    {
        IsActive = true;
        IsWaiting = true;
        IsCancelled = false;
        Token = cancellation;
        _registration = cancellation.CanBeCanceled
            ? cancellation.UnsafeRegister(static state => ((PendingOperation)state!).Cancel(), this)
            : default;
    }

    /// <summary>Has the operation look again; under the lock.</summary>
    public void Wake()
    {
        if (IsWaiting)
        {
            IsWaiting = false;
            work.Run(this);
        }
    }

    /// <summary>Waits further; under the lock.</summary>
    protected void WaitOn() => IsWaiting = true;

    /// <summary>Under the lock; the caller disposes what is returned outside it, before it completes the operation.</summary>
    protected CancellationTokenRegistration End()
    {
        IsWaiting = false;
        IsActive = false;
        var registration = _registration;
        _registration = default;
        return registration;
    }

    public abstract void Execute();

    private void Cancel()
    {
        lock (gate)
        {
            IsCancelled = true;
            Wake();
        }
    }
}
