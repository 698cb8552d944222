using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.ContainerShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Volumes of Pods, claims and persistent volumes.</summary>
internal static class VolumeShapes
{
    // Files of projected volumes are 0644 unless told otherwise.
    private const int DefaultFileMode = 420;

    private static readonly SchemaNode KeyToPath = Object(("key!", Text), ("path!", Text), ("mode", OptionalNumber32));

    private static readonly SchemaNode DownwardFile = Object(
        ("path!", Text), ("fieldRef", ObjectFieldSelector), ("resourceFieldRef", ResourceFieldSelector), ("mode", OptionalNumber32));

    private static readonly SchemaNode Projection = Object(
        ("secret", Object(("name", Text), ("items", List(KeyToPath)), ("optional", OptionalFlag))),
        ("configMap", Object(("name", Text), ("items", List(KeyToPath)), ("optional", OptionalFlag))),
        ("downwardAPI", Object(("items", List(DownwardFile)))),
        ("serviceAccountToken", Object(("audience", Text), ("expirationSeconds", OptionalNumber64.Default(3600)), ("path!", Text))),
        ("clusterTrustBundle", Object(
            ("name", OptionalText), ("signerName", OptionalText), ("labelSelector", LabelSelector), ("optional", OptionalFlag), ("path!", Text))),
        ("podCertificate", Object(
            ("signerName!", Text), ("keyType!", Text), ("maxExpirationSeconds", OptionalNumber32), ("credentialBundlePath", Text),
            ("keyPath", Text), ("certificateChainPath", Text), ("userAnnotations", TextMap))));

    public static readonly SchemaNode ClaimSpec = Object(
        ("accessModes", List(OptionalText).About("How the volume is mounted.")),
        ("selector", LabelSelector),
        ("resources", Object(("limits", QuantityMap), ("requests", QuantityMap)).Present().About("How much storage is wanted.")),
        ("volumeName", Text),
        ("storageClassName", OptionalText),
        ("volumeMode", OptionalText.Default("Filesystem")),
        ("dataSource", TypedLocalObjectReference),
        ("dataSourceRef", Object(("apiGroup", OptionalText), ("kind!", Text), ("name!", Text), ("namespace", OptionalText))),
        ("volumeAttributesClassName", OptionalText));

    private static readonly SchemaNode SecretRef = LocalObjectReference;

    private static readonly SchemaNode DiskRef = Object(
        ("volumeID!", Text), ("fsType", Text), ("partition", Number32), ("readOnly", Flag));

    private static readonly SchemaNode GceDisk = Object(("pdName!", Text), ("fsType", Text), ("partition", Number32), ("readOnly", Flag));

    private static readonly SchemaNode AzureDisk = Object(
        ("diskName!", Text), ("diskURI!", Text), ("cachingMode", OptionalText.Default("ReadWrite")), ("fsType", OptionalText.Default("ext4")),
        ("readOnly", OptionalFlag.Default(false)), ("kind", OptionalText.Default("Shared")));

    private static readonly SchemaNode FibreChannel = Object(
        ("targetWWNs", TextList), ("lun", OptionalNumber32), ("fsType", Text), ("readOnly", Flag), ("wwids", TextList));

    private static readonly SchemaNode Nfs = Object(("server!", Text), ("path!", Text), ("readOnly", Flag));

    private static readonly SchemaNode Quobyte = Object(
        ("registry!", Text), ("volume!", Text), ("readOnly", Flag), ("user", Text), ("group", Text), ("tenant", Text));

    private static readonly SchemaNode Flocker = Object(("datasetName", Text), ("datasetUUID", Text));

    private static readonly SchemaNode Photon = Object(("pdID!", Text), ("fsType", Text));

    private static readonly SchemaNode Portworx = Object(("volumeID!", Text), ("fsType", Text), ("readOnly", Flag));

    private static readonly SchemaNode Vsphere = Object(
        ("volumePath!", Text), ("fsType", Text), ("storagePolicyName", Text), ("storagePolicyID", Text));

    private static readonly SchemaNode HostPath = Object(("path!", Text), ("type", OptionalText.Default("")));

    private static SchemaNode Iscsi(SchemaNode secret) => Object(
        ("targetPortal!", Text), ("iqn!", Text), ("lun!", Number32), ("iscsiInterface", Text.Default("default")), ("fsType", Text), ("readOnly", Flag),
        ("portals", List(OptionalText)), ("chapAuthDiscovery", Flag), ("chapAuthSession", Flag), ("secretRef", secret),
        ("initiatorName", OptionalText));

    private static SchemaNode Rbd(SchemaNode secret) => Object(
        ("monitors!", TextList), ("image!", Text), ("fsType", Text), ("pool", Text.Default("rbd")), ("user", Text.Default("admin")),
        ("keyring", Text.Default("/etc/ceph/keyring")), ("secretRef", secret), ("readOnly", Flag));

    private static SchemaNode Flex(SchemaNode secret) => Object(
        ("driver!", Text), ("fsType", Text), ("secretRef", secret), ("readOnly", Flag), ("options", TextMap));

    private static SchemaNode Cinder(SchemaNode secret) => Object(("volumeID!", Text), ("fsType", Text), ("readOnly", Flag), ("secretRef", secret));

    private static SchemaNode CephFs(SchemaNode secret) => Object(
        ("monitors!", TextList), ("path", Text), ("user", Text), ("secretFile", Text), ("secretRef", secret), ("readOnly", Flag));

    private static SchemaNode ScaleIo(SchemaNode secret) => Object(
        ("gateway!", Text), ("system!", Text), ("secretRef!", secret), ("sslEnabled", Flag), ("protectionDomain", Text), ("storagePool", Text),
        ("storageMode", Text.Default("ThinProvisioned")), ("volumeName", Text), ("fsType", Text.Default("xfs")), ("readOnly", Flag));

    private static readonly SchemaNode Image = Object(("reference", Text), ("pullPolicy", OneOf("Always", "Never", "IfNotPresent")));

    public static readonly SchemaNode Volume = Object(
        ("name!", Text.About("Name by which containers mount the volume.")),
        ("hostPath", HostPath),
        ("emptyDir", Object(("medium", Text), ("sizeLimit", QuantityText))),
        ("gcePersistentDisk", GceDisk), ("awsElasticBlockStore", DiskRef),
        ("gitRepo", Object(("repository!", Text), ("revision", Text), ("directory", Text))),
        ("secret", Object(
            ("secretName", Text), ("items", List(KeyToPath)), ("defaultMode", OptionalNumber32.Default(DefaultFileMode)), ("optional", OptionalFlag))),
        ("nfs", Nfs), ("iscsi", Iscsi(SecretRef)),
        ("glusterfs", Object(("endpoints!", Text), ("path!", Text), ("readOnly", Flag))),
        ("persistentVolumeClaim", Object(("claimName!", Text), ("readOnly", Flag))),
        ("rbd", Rbd(SecretRef)), ("flexVolume", Flex(SecretRef)), ("cinder", Cinder(SecretRef)), ("cephfs", CephFs(SecretRef)),
        ("flocker", Flocker),
        ("downwardAPI", Object(("items", List(DownwardFile)), ("defaultMode", OptionalNumber32.Default(DefaultFileMode)))),
        ("fc", FibreChannel), ("azureFile", Object(("secretName!", Text), ("shareName!", Text), ("readOnly", Flag))),
        ("configMap", Object(
            ("name", Text), ("items", List(KeyToPath)), ("defaultMode", OptionalNumber32.Default(DefaultFileMode)), ("optional", OptionalFlag))),
        ("vsphereVolume", Vsphere), ("quobyte", Quobyte), ("azureDisk", AzureDisk), ("photonPersistentDisk", Photon),
        ("projected", Object(("sources", List(Projection).KeepEmpty()), ("defaultMode", OptionalNumber32.Default(DefaultFileMode)))),
        ("portworxVolume", Portworx), ("scaleIO", ScaleIo(SecretRef)), ("storageos", Object(
            ("volumeName", Text), ("volumeNamespace", Text), ("fsType", Text), ("readOnly", Flag), ("secretRef", SecretRef))),
        ("csi", Object(
            ("driver!", Text), ("readOnly", OptionalFlag), ("fsType", OptionalText), ("volumeAttributes", TextMap),
            ("nodePublishSecretRef", SecretRef))),
        ("ephemeral", Object(("volumeClaimTemplate", Object(("metadata", ObjectMeta), ("spec!", ClaimSpec))))),
        ("image", Image));

    private static readonly SchemaNode PvSecretRef = Object(("name", Text), ("namespace", Text)).Atomic();

    public static readonly SchemaNode PersistentVolumeSpec = Object(
        ("capacity", QuantityMap), ("accessModes", TextList), ("claimRef", ObjectReference with { AtomicMap = false }),
        ("persistentVolumeReclaimPolicy", OneOf("Retain", "Delete", "Recycle").Default("Retain")), ("storageClassName", Text),
        ("mountOptions", TextList), ("volumeMode", OptionalText.Default("Filesystem")),
        ("nodeAffinity", Object(("required", SchedulingShapes.NodeSelector))), ("volumeAttributesClassName", OptionalText),
        ("gcePersistentDisk", GceDisk), ("awsElasticBlockStore", DiskRef), ("hostPath", HostPath),
        ("glusterfs", Object(("endpoints!", Text), ("path!", Text), ("readOnly", Flag), ("endpointsNamespace", OptionalText))),
        ("nfs", Nfs), ("rbd", Rbd(PvSecretRef)), ("iscsi", Iscsi(PvSecretRef)), ("cinder", Cinder(PvSecretRef)), ("cephfs", CephFs(PvSecretRef)),
        ("fc", FibreChannel), ("flocker", Flocker), ("flexVolume", Flex(PvSecretRef)),
        ("azureFile", Object(("secretName!", Text), ("shareName!", Text), ("readOnly", Flag), ("secretNamespace", OptionalText))),
        ("vsphereVolume", Vsphere), ("quobyte", Quobyte), ("azureDisk", AzureDisk), ("photonPersistentDisk", Photon),
        ("portworxVolume", Portworx), ("scaleIO", ScaleIo(PvSecretRef)), ("local", Object(("path!", Text), ("fsType", OptionalText))),
        ("storageos", Object(
            ("volumeName", Text), ("volumeNamespace", Text), ("fsType", Text), ("readOnly", Flag), ("secretRef", ObjectReference))),
        ("csi", Object(
            ("driver!", Text), ("volumeHandle!", Text), ("readOnly", Flag), ("fsType", Text), ("volumeAttributes", TextMap),
            ("controllerPublishSecretRef", PvSecretRef), ("nodeStageSecretRef", PvSecretRef), ("nodePublishSecretRef", PvSecretRef),
            ("controllerExpandSecretRef", PvSecretRef), ("nodeExpandSecretRef", PvSecretRef))));

    public static readonly SchemaNode PersistentVolume = Resource(
        "A piece of storage in the cluster.",
        ("spec", PersistentVolumeSpec.Present()),
        ("status", Object(("phase", Text.Default("Pending")), ("message", Text), ("reason", Text), ("lastPhaseTransitionTime", Time)).Present()));

    public static readonly SchemaNode PersistentVolumeClaim = Resource(
        "A request for storage by a user.",
        ("spec", ClaimSpec.Present()),
        ("status", Object(
            ("phase", Text.Default("Pending")), ("accessModes", TextList), ("capacity", QuantityMap),
            ("conditions", Keyed(
                Object(
                    ("type!", Text), ("status!", Text), ("lastProbeTime", Time), ("lastTransitionTime", Time), ("reason", Text),
                    ("message", Text)),
                "type")),
            ("allocatedResources", QuantityMap), ("allocatedResourceStatuses", TextMap), ("currentVolumeAttributesClassName", OptionalText),
            ("modifyVolumeStatus", Object(("targetVolumeAttributesClassName", Text), ("status!", Text)))).Present()));

    public static readonly SchemaNode StorageClass = Resource(
        "A class of storage that claims can ask for.",
        ("provisioner!", Text), ("parameters", TextMap), ("reclaimPolicy", OptionalOneOf("Retain", "Delete", "Recycle").Default("Delete")),
        ("mountOptions", TextList), ("allowVolumeExpansion", OptionalFlag),
        ("volumeBindingMode", OptionalOneOf("Immediate", "WaitForFirstConsumer").Default("Immediate")),
        ("allowedTopologies", List(Object(
            ("matchLabelExpressions", List(Object(("key!", Text), ("values!", TextList))))).Atomic())));
}
