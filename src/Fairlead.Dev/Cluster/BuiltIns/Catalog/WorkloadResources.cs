using Fairlead.Dev.Cluster.BuiltIns.Columns;
using Fairlead.Dev.Cluster.BuiltIns.Rules;
using Fairlead.Dev.Cluster.BuiltIns.Shapes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.BuiltIns.Catalog;

/// <summary>Groups <c>apps</c>, <c>batch</c>, <c>autoscaling</c> and <c>policy</c>.</summary>
internal static class WorkloadResources
{
    private static readonly ScaleSubresource Scale = new(".spec.replicas", ".status.replicas", ".spec.selector");

    public static IEnumerable<ResourceDefinition> All() =>
    [
        Apps("StatefulSet", "statefulsets", WorkloadShapes.StatefulSet) with
        {
            ShortNames = ["sts"],
            Scale = Scale,
            Columns = WorkloadColumns.StatefulSet,
            Strategy = new BuiltInStrategy(WorkloadShapes.StatefulSet, (o, _) => WorkloadDefaults.StatefulSet(o), WorkloadRules.CheckStatefulSet),
        },
        Apps("Deployment", "deployments", WorkloadShapes.Deployment) with
        {
            ShortNames = ["deploy"],
            Scale = Scale,
            Columns = WorkloadColumns.Deployment,
            Strategy = new BuiltInStrategy(WorkloadShapes.Deployment, (o, _) => WorkloadDefaults.Deployment(o), WorkloadRules.CheckDeployment),
        },
        Apps("ReplicaSet", "replicasets", WorkloadShapes.ReplicaSet) with
        {
            ShortNames = ["rs"],
            Scale = Scale,
            Columns = WorkloadColumns.ReplicaSet,
            SelectableFields = ["status.replicas"],
            Strategy = new BuiltInStrategy(WorkloadShapes.ReplicaSet, (o, _) => WorkloadDefaults.Template(o), WorkloadRules.CheckReplicaSet),
        },
        Apps("DaemonSet", "daemonsets", WorkloadShapes.DaemonSet) with
        {
            ShortNames = ["ds"],
            Columns = WorkloadColumns.DaemonSet,
            Strategy = new BuiltInStrategy(WorkloadShapes.DaemonSet, (o, _) => WorkloadDefaults.DaemonSet(o), WorkloadRules.CheckDaemonSet),
        },
        Definition.Of("apps", "v1", "ControllerRevision", "controllerrevisions", WorkloadShapes.ControllerRevision) with
        {
            Columns = WorkloadColumns.ControllerRevision,
            Strategy = new BuiltInStrategy(WorkloadShapes.ControllerRevision, validate: WorkloadRules.CheckControllerRevision),
        },
        Definition.Of("batch", "v1", "Job", "jobs", BatchShapes.Job) with
        {
            Categories = ["all"],
            HasStatus = true,
            TracksGeneration = true,
            Columns = WorkloadColumns.Job,
            SelectableFields = ["status.successful"],
            Strategy = new BuiltInStrategy(BatchShapes.Job, JobRules.PrepareJob, JobRules.CheckJob),
        },
        Definition.Of("batch", "v1", "CronJob", "cronjobs", BatchShapes.CronJob) with
        {
            ShortNames = ["cj"],
            Categories = ["all"],
            HasStatus = true,
            TracksGeneration = true,
            Columns = WorkloadColumns.CronJob,
            Strategy = new BuiltInStrategy(BatchShapes.CronJob, JobRules.PrepareCronJob, JobRules.CheckCronJob),
        },
        Definition.Of("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", PolicyShapes.HorizontalPodAutoscaler) with
        {
            ShortNames = ["hpa"],
            Categories = ["all"],
            HasStatus = true,
            Columns = CoreColumns.HorizontalPodAutoscaler,
            Strategy = new BuiltInStrategy(PolicyShapes.HorizontalPodAutoscaler, ScalingRules.Prepare, ScalingRules.CheckAutoscaler),
        },
        Definition.Of("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", PolicyShapes.PodDisruptionBudget) with
        {
            ShortNames = ["pdb"],
            HasStatus = true,
            TracksGeneration = true,
            AllowsUnconditionalUpdate = false,
            Columns = CoreColumns.PodDisruptionBudget,
            Strategy = new BuiltInStrategy(PolicyShapes.PodDisruptionBudget, validate: ScalingRules.CheckDisruptionBudget),
        },
    ];

    private static ResourceDefinition Apps(string kind, string plural, Schemas.SchemaNode schema) =>
        Definition.Of("apps", "v1", kind, plural, schema) with { Categories = ["all"], HasStatus = true, TracksGeneration = true };
}
