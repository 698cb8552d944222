namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// A read or write that waits. One per direction of a connection, made at the first wait and used for all that follow. It is also the work
/// item that completes it, so that waking allocates nothing.
/// </summary>
internal abstract class StreamOperation(TransmissionControlBlock block) : IThreadPoolWorkItem
{
    private CancellationTokenRegistration _registration;

    protected TransmissionControlBlock Block => block;

    public bool IsWaiting { get; private set; }

    /// <summary>Waiting or on its way to completion.</summary>
    public bool IsActive { get; private set; }

    public CancellationToken Token { get; private set; }

    public bool IsCancelled { get; private set; }

    /// <summary>Begins to wait; under the block's lock.</summary>
    protected void Begin(CancellationToken cancellation)
    {
        IsActive = true;
        IsWaiting = true;
        IsCancelled = false;
        Token = cancellation;
        _registration = cancellation.CanBeCanceled
            ? cancellation.UnsafeRegister(static state => ((StreamOperation)state!).Cancel(), this)
            : default;
    }

    /// <summary>Has the operation look at the connection; under the block's lock.</summary>
    public void Wake()
    {
        if (IsWaiting)
        {
            IsWaiting = false;
            block.Layer.Work.Run(this);
        }
    }

    /// <summary>Waits further; under the block's lock.</summary>
    protected void WaitOn() => IsWaiting = true;

    /// <summary>Under the block's lock; the caller disposes what is returned outside it, before it completes the operation.</summary>
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
        lock (block.Gate)
        {
            IsCancelled = true;
            Wake();
        }
    }
}
