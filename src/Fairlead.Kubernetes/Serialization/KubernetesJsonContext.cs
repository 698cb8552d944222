using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources.Admission;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Authentication;
using Fairlead.Kubernetes.Resources.Authorization;
using Fairlead.Kubernetes.Resources.Autoscaling;
using Fairlead.Kubernetes.Resources.Coordination;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Discovery;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Resources.Networking;
using Fairlead.Kubernetes.Resources.Rbac;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>Source-generated serialisation of the built-in types. A context for types of your own takes the same options.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PartialObjectMetadata))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(ServiceAccount))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(PersistentVolumeClaim))]
[JsonSerializable(typeof(StatefulSet))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(Role))]
[JsonSerializable(typeof(ClusterRole))]
[JsonSerializable(typeof(RoleBinding))]
[JsonSerializable(typeof(ClusterRoleBinding))]
[JsonSerializable(typeof(Ingress))]
[JsonSerializable(typeof(IngressClass))]
[JsonSerializable(typeof(EndpointSlice))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(CustomResourceDefinition))]
[JsonSerializable(typeof(ValidatingAdmissionPolicy))]
[JsonSerializable(typeof(ValidatingAdmissionPolicyBinding))]
[JsonSerializable(typeof(Scale))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(SelfSubjectAccessReview))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(ListMeta))]
[JsonSerializable(typeof(ApiResourceList))]
[JsonSerializable(typeof(ServerVersion))]
public sealed partial class KubernetesJsonContext : JsonSerializerContext;
