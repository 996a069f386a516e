import { fileStorage } from './files.ts';
import { storageContract } from './storage.contract.ts';

storageContract('the file storage', fileStorage);
