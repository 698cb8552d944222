using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Drift;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>What steps about objects need while a plan runs.</summary>
internal sealed class StepContext(KubernetesClient client, DriftCorrector corrector, NameOccupancy occupancy, WrittenObjects written)
{
    public StepResults Results { get; set; } = StepResults.Empty;

    public async ValueTask ApplyAsync<T>(ApplyStep<T> step, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var desired = step.Desired(Results);
        try
        {
            var result = await corrector
                .CorrectAsync(step.Type, desired, step.Observed, step.ExclusivePaths, cancellationToken).ConfigureAwait(false);
            if (result is not null)
            {
                written.Written(result);
            }
        }
        catch (KubernetesApiException e) when (e.IsNotFound && step.Observed is { } gone)
        {
            // Whether it is to be made anew is for the next plan to say, which sees that it is gone.
            written.Deleted<T>(step.Key, gone.Metadata.Uid);
            throw new OutdatedObservationException(step.Kind, step.Key, e);
        }
        catch (KubernetesApiException e) when (e.IsAlreadyExists)
        {
            if (await occupancy.ResolveAsync(step.Type, step.Key, desired, cancellationToken).ConfigureAwait(false) is { } reclaimed)
            {
                written.Written(reclaimed);
            }

            throw;
        }
    }

    public async ValueTask DeleteAsync<T>(DeleteStep<T> step, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var uid = step.Observed.Metadata.Uid;
        var options = new DeleteOptions
        {
            Propagation = step.Propagation,
            Uid = uid,
            ResourceVersion = step.OnlyAsObserved ? step.Observed.Metadata.ResourceVersion : null,
        };
        try
        {
            // The server's answer decides: somebody may have added a finalizer that the observed object does not show yet.
            if (await client.For(step.Type).BeginDeleteAsync(step.Key, options, cancellationToken).ConfigureAwait(false) is { } remaining)
            {
                written.Written(remaining);
            }
            else
            {
                written.Deleted<T>(step.Key, uid);
            }
        }
        catch (KubernetesApiException e) when (e.IsForbidden && step.IfPermitted)
        {
        }
        catch (KubernetesApiException e) when (e.IsConflict)
        {
            // Either another object has the name by now, so that the one to delete is gone, or it was written to at that moment.
            if (await client.For(step.Type).TryGetAsync(step.Key, cancellationToken).ConfigureAwait(false) is { } present
                && present.Metadata.Uid == uid)
            {
                throw;
            }

            written.Deleted<T>(step.Key, uid);
        }
    }
}
