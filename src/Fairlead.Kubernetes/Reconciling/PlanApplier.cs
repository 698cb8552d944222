using System.Collections.Immutable;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Drift;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Carries out plans, for every kind in the same way:
/// <list type="number">
/// <item>the steps in order, up to the first failure;</item>
/// <item>the parent's status, computed from how they went;</item>
/// <item>the Events.</item>
/// </list>
/// Writes to the parent name the version that was observed and fail on a newer one, because then the plan is out of date.
/// Children are applied with force: their fields are the operator's. A crash between any two writes is harmless as long as the
/// plan's steps are in an order in which each finds again what the ones before it did.
/// </summary>
public sealed partial class PlanApplier
{
    private readonly KubernetesClient _client;
    private readonly string _fieldManager;
    private readonly IExternalCallHandler _calls;
    private readonly WrittenObjects _written;
    private readonly EventRecorder _events;
    private readonly ILogger<PlanApplier> _logger;
    private readonly DriftCorrector _corrector;
    private readonly NameOccupancy _occupancy;

    private readonly UnstoredResults _unstored = new();

    /// <param name="fieldManager">Name under which the server records our fields; must stay the same for ever.</param>
    public PlanApplier(
        KubernetesClient client,
        string fieldManager,
        IExternalCallHandler calls,
        WrittenObjects written,
        EventRecorder events,
        ILogger<PlanApplier> logger)
    {
        ArgumentException.ThrowIfNullOrEmpty(fieldManager);
        _client = client;
        _fieldManager = fieldManager;
        _calls = calls;
        _written = written;
        _events = events;
        _logger = logger;
        _corrector = new DriftCorrector(client, fieldManager);
        _occupancy = new NameOccupancy(client, fieldManager);
    }

    /// <param name="parent">The object as the plan's snapshot has it.</param>
    public async ValueTask<ReconcileResult> ApplyAsync<TParent>(
        ResourceType<TParent> type, TParent parent, ReconcilePlan<TParent> plan, CancellationToken cancellationToken)
        where TParent : class, IKubernetesObject
    {
        var run = new ParentRun<TParent>(_client.For(type), type, parent, _fieldManager, _written);
        var unstored = _unstored.Of(type.GroupResource, run.Key);
        var leftover = await DiscardAsync(unstored, plan.Steps, cancellationToken).ConfigureAwait(false);
        var failure = await RunStepsAsync(run, plan, unstored, cancellationToken).ConfigureAwait(false);
        var isOutdated = failure is { Error: { } wrong } && IsOutdated(wrong);
        Exception? statusError = null;
        if (!run.IsGone && !isOutdated)
        {
            statusError = await WriteStatusAsync(run, plan.Status?.Invoke(new PlanOutcome(failure)), cancellationToken).ConfigureAwait(false);
        }

        var after = isOutdated ? null : plan.EventsAfter?.Invoke(new PlanOutcome(failure));
        foreach (var planned in plan.Events.Concat(after ?? []))
        {
            _events.Record(type, parent, planned.Type, planned.Reason, planned.Message);
        }

        return (failure?.Error ?? statusError) is { } error
            ? Retry(type, parent, failure?.Step.Description ?? "write status", error)
            : leftover is not null
            ? Retry(type, parent, "give back what nobody wants any more", leftover)
            : plan.RequeueAfter is { } delay ? ReconcileResult.RequeueAfter(delay) : ReconcileResult.Done;
    }

    /// <summary>
    /// Gives back what no object stores, and forgets all results. To be called when this process leads no more and no plan runs: what
    /// another leader does with the objects from then on is not seen here, so that a result kept might be one that has been used up.
    /// </summary>
    public async Task EndTermAsync(CancellationToken cancellationToken)
    {
        foreach (var result in _unstored.TakeAll())
        {
            try
            {
                await DiscardUnlessStoredAsync(result, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The term is over whatever happens; the others are tried all the same.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogNotGivenBack(result.Call.Identity, e.Message);
            }
        }
    }

    private async ValueTask<StepFailure?> RunStepsAsync<TParent>(
        ParentRun<TParent> run, ReconcilePlan<TParent> plan, UnstoredResults.OfParent unstored, CancellationToken cancellationToken)
        where TParent : class, IKubernetesObject
    {
        var context = new StepContext(_client, _corrector, _occupancy, _written);
        var callBySlot = new Dictionary<string, ExternalCall>(StringComparer.Ordinal);
        foreach (var step in plan.Steps)
        {
            try
            {
                switch (step)
                {
                    case CallStep call:
                        await CallAsync(call, plan.Steps, context, unstored, callBySlot, cancellationToken).ConfigureAwait(false);
                        break;
                    case ObjectStep objectStep:
                        await objectStep.ExecuteAsync(context, cancellationToken).ConfigureAwait(false);
                        if (objectStep is ApplyStep { Stores: { } slot } && callBySlot.TryGetValue(slot, out var stored))
                        {
                            unstored.Remove(stored.Identity);
                        }

                        break;
                    case FinalizerStep finalizer:
                        await run.SetFinalizerAsync(finalizer, cancellationToken).ConfigureAwait(false);
                        break;
                    case ParentPatchStep patch:
                        await run.PatchAsync(patch, cancellationToken).ConfigureAwait(false);
                        break;
                    default:
                        throw new InvalidOperationException($"No way to carry out a {step.GetType().Name}.");
                }
            }
#pragma warning disable CA1031 // Whatever went wrong belongs into the parent's status, and ends this run only.
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                return new StepFailure(step, e);
            }
        }

        return null;
    }

    private async ValueTask CallAsync(
        CallStep step,
        ImmutableArray<PlanStep> steps,
        StepContext context,
        UnstoredResults.OfParent unstored,
        Dictionary<string, ExternalCall> callBySlot,
        CancellationToken cancellationToken)
    {
        var identity = step.Call.Identity;
        var result = unstored.Find(identity) ?? await _calls.CallAsync(step.Call, cancellationToken).ConfigureAwait(false);

        if (step.Slot is null || result is null)
        {
            return;
        }

        unstored.Keep(new UnstoredResult(step.Call, result, steps.OfType<ApplyStep>().FirstOrDefault(storage => storage.Stores == step.Slot)));
        callBySlot[step.Slot] = step.Call;
        context.Results = context.Results.With(step.Slot, result);
    }

    /// <summary>Gives back what earlier plans got and this one does not ask for, unless it was stored by a write whose answer got lost.</summary>
    /// <returns>Why something could not be given back; it is tried again.</returns>
    private async ValueTask<Exception?> DiscardAsync(
        UnstoredResults.OfParent unstored, ImmutableArray<PlanStep> steps, CancellationToken cancellationToken)
    {
        Exception? problem = null;
        foreach (var result in unstored.NotWantedBy(steps))
        {
            try
            {
                await DiscardUnlessStoredAsync(result, cancellationToken).ConfigureAwait(false);
                unstored.Remove(result.Call.Identity);
            }
#pragma warning disable CA1031 // The plan is carried out all the same: what is left over harms nobody meanwhile.
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                problem = e;
            }
        }

        return problem;
    }

    private async ValueTask DiscardUnlessStoredAsync(UnstoredResult result, CancellationToken cancellationToken)
    {
        if (result.Storage is null || !await result.Storage.IsStoredAsync(result.Value, _client, cancellationToken).ConfigureAwait(false))
        {
            await _calls.DiscardAsync(result.Call, result.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the status, and then whatever finalizers did not travel with it.</summary>
    private static async ValueTask<Exception?> WriteStatusAsync<TParent>(
        ParentRun<TParent> run, TParent? wanted, CancellationToken cancellationToken)
        where TParent : class, IKubernetesObject
    {
        var problem = wanted is null
            ? null
            : await ProblemOfAsync(run.WriteStatusAsync(wanted, cancellationToken)).ConfigureAwait(false);

        // A server that refuses the status, be it for good, must not keep the finalizer off. Only a conflict says that another plan is due.
        return problem is not null && IsOutdated(problem)
            ? problem
            : await ProblemOfAsync(run.CompleteAsync(cancellationToken)).ConfigureAwait(false) ?? problem;
    }

    /// <summary>What went wrong with a write to the parent; null as well when there is no parent to write to any more.</summary>
    private static async ValueTask<Exception?> ProblemOfAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
            return null;
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return null;
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            return e;
        }
    }

    /// <summary>Whether the plan was made from a view that is older than the cluster.</summary>
    private static bool IsOutdated(Exception error) =>
        error is OutdatedObservationException or KubernetesApiException { IsConflict: true } or KubernetesApiException { IsAlreadyExists: true }
        || IsAboutAnother(error);

    /// <summary>Whether a patch named the UID of an object that another one has replaced meanwhile.</summary>
    private static bool IsAboutAnother(Exception error) =>
        error is KubernetesApiException { IsInvalid: true, Details.Causes: { } causes } && causes.Any(static cause => cause.Field == "metadata.uid");

    private ReconcileResult Retry<TParent>(ResourceType<TParent> type, TParent parent, string what, Exception error)
        where TParent : class, IKubernetesObject
    {
        if (IsOutdated(error))
        {
            // Somebody else was faster. The watch brings the newer object; the retry is for when it has done so already.
            return ReconcileResult.Retry("the object changed meanwhile");
        }

        LogFailed(type.Kind, parent.Metadata.Namespace, parent.Metadata.Name, what, error.Message);
        return ReconcileResult.Retry($"failed to {what}: {error.Message}", (error as KubernetesApiException)?.RetryAfter ?? _calls.RetryAfter(error));
    }

    [LoggerMessage(1, LogLevel.Warning, "{Kind} {Namespace}/{Name}: failed to {Step}: {Error}")]
    private partial void LogFailed(string kind, string? @namespace, string? name, string step, string error);

    [LoggerMessage(2, LogLevel.Warning, "The term of this leader ended with the result of \"{Call}\" not stored, and it could not be given back: {Error}")]
    private partial void LogNotGivenBack(string call, string error);
}
