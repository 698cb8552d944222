namespace Fairlead.Tailnet.Netstack;

/// <summary>Where readers, writers and handlers are woken: never on the thread that brings packets, nor under a lock.</summary>
internal sealed class WorkQueue(Action<IThreadPoolWorkItem>? scheduler)
{
    public void Run(IThreadPoolWorkItem item)
    {
        if (scheduler is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
        else
        {
            scheduler(item);
        }
    }
}
