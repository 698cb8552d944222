using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns.Shapes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>Services: defaults by type, IP families, addresses and node ports.</summary>
internal sealed class ServiceStrategy(BuiltInOptions options) : IResourceStrategy
{
    private readonly ServiceAllocator _allocator = new(options);
    private Problems _allocation = new();

    public void PrepareForCreate(JsonObject obj)
    {
        Normalize(obj);
        obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        Allocate(obj, null);
    }

    public void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        Normalize(obj);
        var (spec, oldSpec) = (obj.Ensure("spec"), old.Ensure("spec"));
        ServiceFamilies.AlignAddresses(spec, oldSpec);
        ServiceDefaults.CarryOver(spec, oldSpec);
        ServiceDefaults.DropUnused(obj, old);
        Allocate(obj, old);
    }

    public IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        var problems = new Problems();
        ServiceRules.Check(obj, old, problems);

        // A field that is wrong in itself is reported once, not again for what could not be allocated from it.
        var found = problems.Found.Concat(_allocation.Found.Where(a => problems.Found.All(p => p.Field != a.Field))).ToList();
        if (found.Count == 0)
            _allocator.Commit(obj, old);
        return found;
    }

    public void Release(JsonObject obj) => _allocator.Release(obj);

    private static void Normalize(JsonObject obj)
    {
        ObjectNormalizer.Normalize(ServiceShapes.Service, obj);
        ServiceDefaults.Apply(obj);
    }

    private void Allocate(JsonObject obj, JsonObject? old)
    {
        _allocation = new Problems();
        _allocator.Begin(obj, old);
        var spec = obj.Ensure("spec");
        if (old is null)
            ServiceFamilies.AlignAddresses(spec, null);
        ServiceFamilies.Complete(spec, old?.Ensure("spec"), _allocator, _allocation);
        if (_allocation.Found.Count == 0)
            _allocator.Allocate(obj, old, _allocation);
    }
}
