package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The storage tier after an event (registry specification §3.2.2). Registry and repo events of one meaning have the same
 * number, so one table serves both aggregates.
 */
final class StorageTiers {
    private StorageTiers() {}

    /** The tier that an event leads to; null if the event is not about the tier. */
    static @Nullable StorageTierCode after(int eventNumber, int statusCode) {
        boolean ok = statusCode == 0;
        return switch (eventNumber) {
            case RegistryEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2_VALUE -> StorageTierCode.ST_FREEZING;
            case RegistryEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2_VALUE ->
                ok ? StorageTierCode.ST_FROZEN : StorageTierCode.ST_FREEZE_FAILED;
            case RegistryEvent.Type.EV_FSO_UNFREEZE_REPO_STARTED_2_VALUE -> StorageTierCode.ST_UNFREEZING;
            case RegistryEvent.Type.EV_FSO_UNFREEZE_REPO_COMPLETED_2_VALUE ->
                ok ? StorageTierCode.ST_ONLINE : StorageTierCode.ST_UNFREEZE_FAILED;
            case RegistryEvent.Type.EV_FSO_ARCHIVE_REPO_STARTED_VALUE -> StorageTierCode.ST_ARCHIVING;
            case RegistryEvent.Type.EV_FSO_ARCHIVE_REPO_COMPLETED_VALUE ->
                ok ? StorageTierCode.ST_ARCHIVED : StorageTierCode.ST_ARCHIVE_FAILED;
            case RegistryEvent.Type.EV_FSO_UNARCHIVE_REPO_STARTED_VALUE -> StorageTierCode.ST_UNARCHIVING;
            case RegistryEvent.Type.EV_FSO_UNARCHIVE_REPO_COMPLETED_VALUE ->
                ok ? StorageTierCode.ST_FROZEN : StorageTierCode.ST_UNARCHIVE_FAILED;
            default -> null;
        };
    }

    /** The workflow that an event about the tier belongs to: the known one if it goes on, else one that begins with it. */
    static StorageWork work(@Nullable StorageWork known, ByteString workflow, ByteString event) {
        UUID id = WireFields.stored(workflow);
        return known != null && known.workflow().equals(id)
                ? known
                : new StorageWork(id, WireFields.storedVid(event), known);
    }
}
