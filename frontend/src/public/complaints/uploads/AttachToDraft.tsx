import Attach from "../../../shared/uploads/Attach";
import { uploadsOfDraft } from "./ofDraft";

export default function AttachToDraft() {
  return <Attach uploads={uploadsOfDraft()} />;
}
