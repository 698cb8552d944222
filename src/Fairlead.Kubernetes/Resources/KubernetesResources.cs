using Fairlead.Kubernetes.Resources.Admission;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Authorization;
using Fairlead.Kubernetes.Resources.Coordination;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Discovery;
using Fairlead.Kubernetes.Resources.Networking;
using Fairlead.Kubernetes.Resources.Rbac;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources;

/// <summary>The built-in types.</summary>
public static class KubernetesResources
{
    public static ResourceType<Service> Services { get; } =
        new("", "v1", "Service", "services", true, KubernetesJsonContext.Default.Service);

    public static ResourceType<Secret> Secrets { get; } =
        new("", "v1", "Secret", "secrets", true, KubernetesJsonContext.Default.Secret);

    public static ResourceType<ConfigMap> ConfigMaps { get; } =
        new("", "v1", "ConfigMap", "configmaps", true, KubernetesJsonContext.Default.ConfigMap);

    public static ResourceType<ServiceAccount> ServiceAccounts { get; } =
        new("", "v1", "ServiceAccount", "serviceaccounts", true, KubernetesJsonContext.Default.ServiceAccount);

    public static ResourceType<Namespace> Namespaces { get; } =
        new("", "v1", "Namespace", "namespaces", false, KubernetesJsonContext.Default.Namespace);

    public static ResourceType<Node> Nodes { get; } =
        new("", "v1", "Node", "nodes", false, KubernetesJsonContext.Default.Node);

    public static ResourceType<Event> Events { get; } =
        new("", "v1", "Event", "events", true, KubernetesJsonContext.Default.Event);

    public static ResourceType<Pod> Pods { get; } =
        new("", "v1", "Pod", "pods", true, KubernetesJsonContext.Default.Pod);

    public static ResourceType<PersistentVolumeClaim> PersistentVolumeClaims { get; } =
        new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true, KubernetesJsonContext.Default.PersistentVolumeClaim);

    public static ResourceType<StatefulSet> StatefulSets { get; } =
        new("apps", "v1", "StatefulSet", "statefulsets", true, KubernetesJsonContext.Default.StatefulSet);

    public static ResourceType<Deployment> Deployments { get; } =
        new("apps", "v1", "Deployment", "deployments", true, KubernetesJsonContext.Default.Deployment);

    public static ResourceType<Role> Roles { get; } =
        new("rbac.authorization.k8s.io", "v1", "Role", "roles", true, KubernetesJsonContext.Default.Role);

    public static ResourceType<ClusterRole> ClusterRoles { get; } =
        new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false, KubernetesJsonContext.Default.ClusterRole);

    public static ResourceType<RoleBinding> RoleBindings { get; } =
        new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true, KubernetesJsonContext.Default.RoleBinding);

    public static ResourceType<ClusterRoleBinding> ClusterRoleBindings { get; } =
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false, KubernetesJsonContext.Default.ClusterRoleBinding);

    public static ResourceType<Ingress> Ingresses { get; } =
        new("networking.k8s.io", "v1", "Ingress", "ingresses", true, KubernetesJsonContext.Default.Ingress);

    public static ResourceType<IngressClass> IngressClasses { get; } =
        new("networking.k8s.io", "v1", "IngressClass", "ingressclasses", false, KubernetesJsonContext.Default.IngressClass);

    public static ResourceType<EndpointSlice> EndpointSlices { get; } =
        new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true, KubernetesJsonContext.Default.EndpointSlice);

    public static ResourceType<Lease> Leases { get; } =
        new("coordination.k8s.io", "v1", "Lease", "leases", true, KubernetesJsonContext.Default.Lease);

    public static ResourceType<CustomResourceDefinition> CustomResourceDefinitions { get; } =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false, KubernetesJsonContext.Default.CustomResourceDefinition);

    public static ResourceType<ValidatingAdmissionPolicy> ValidatingAdmissionPolicies { get; } =
        new("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", false, KubernetesJsonContext.Default.ValidatingAdmissionPolicy);

    public static ResourceType<ValidatingAdmissionPolicyBinding> ValidatingAdmissionPolicyBindings { get; } =
        new("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", false, KubernetesJsonContext.Default.ValidatingAdmissionPolicyBinding);

    /// <summary>Creating one is asking; nothing is stored.</summary>
    public static ResourceType<SelfSubjectAccessReview> SelfSubjectAccessReviews { get; } =
        new("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false, KubernetesJsonContext.Default.SelfSubjectAccessReview);
}
