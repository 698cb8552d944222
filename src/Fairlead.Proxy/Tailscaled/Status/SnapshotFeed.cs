using System.Runtime.CompilerServices;
using Fairlead.Proxy.Devices;

namespace Fairlead.Proxy.Tailscaled.Status;

/// <summary>The latest snapshot, for any number of readers, each at its own pace.</summary>
internal sealed class SnapshotFeed
{
    private readonly Lock _gate = new();
    private DeviceSnapshot _current = DeviceSnapshot.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public DeviceSnapshot Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    public void Publish(DeviceSnapshot snapshot)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_ended || SnapshotContent.AreEqual(_current, snapshot))
            {
                return;
            }

            _current = snapshot;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    /// <summary>There will be no more; readers end after the last.</summary>
    public void End()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            changed = _changed;
        }

        changed.SetResult();
    }

    public async IAsyncEnumerable<DeviceSnapshot> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DeviceSnapshot? last = null;
        while (true)
        {
            DeviceSnapshot current;
            bool ended;
            Task changed;
            lock (_gate)
            {
                (current, ended, changed) = (_current, _ended, _changed.Task);
            }

            if (!ReferenceEquals(current, last))
            {
                yield return last = current;
            }
            else if (ended)
            {
                yield break;
            }
            else
            {
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
